// Loaded before the function: what it would send to port 443 of any host goes to the test's server. Names, certificates
// and the handshake stay as they are.
const { Socket } = require("node:net");

const connect = Socket.prototype.connect;
Socket.prototype.connect = function (...values) {
  const [options] = Array.isArray(values[0]) ? values[0] : values;
  if (Number(options.port) === 443)
    Object.assign(options, { host: "127.0.0.1", port: process.env.HTTPS_PORT });
  return connect.apply(this, values);
};
