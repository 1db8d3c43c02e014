"""moto reads, checks and writes an item while other requests do the same: updates get lost. DynamoDB's writes are atomic, so
here they come one after the other."""

import threading

from moto.dynamodb.models import DynamoDBBackend


def mend_dynamodb_writes():
    lock = threading.RLock()

    def one_at_a_time(write):
        def locked(*args, **kwargs):
            with lock:
                return write(*args, **kwargs)

        return locked

    for name in ("put_item", "update_item", "delete_item", "transact_write_items"):
        setattr(DynamoDBBackend, name, one_at_a_time(getattr(DynamoDBBackend, name)))
