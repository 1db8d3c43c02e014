import type { UpdateStackCommandInput } from "@aws-sdk/client-cloudformation";
import { DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import type { Context } from "../../context.ts";

/**
 * The longest template that a request may carry. CloudFormation reads a longer one, up to 1 MB, from S3.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
 */
const MAX_TEMPLATE_BYTES = 51_200;

type HandedOver = Pick<UpdateStackCommandInput, "TemplateBody" | "TemplateURL">;

/** Hands a template over in the request, or by way of the state bucket, where nothing of it is left afterwards. */
export const withHandedOver = async (
  context: Pick<Context, "aws" | "environment" | "names">,
  template: string,
  use: (handedOver: HandedOver) => Promise<void>,
): Promise<void> => {
  if (Buffer.byteLength(template) <= MAX_TEMPLATE_BYTES) return use({ TemplateBody: template });
  const { aws, environment, names } = context;
  const object = {
    Bucket: names.stateBucketName,
    Key: names.oldStackTemplateKey,
    ExpectedBucketOwner: environment.accountId,
  };
  const { VersionId } = await aws.s3.send(new PutObjectCommand({ ...object, Body: template }));
  // Its version, or the bucket would keep it for a year.
  const remove = (): Promise<unknown> => aws.s3.send(new DeleteObjectCommand({ ...object, VersionId }));
  try {
    await use({
      TemplateURL: `https://${object.Bucket}.s3.${environment.region}.amazonaws.com/${object.Key}`,
    });
  } catch (error) {
    // Whatever becomes of the copy: what went wrong before is what has to be told.
    await remove().catch(() => undefined);
    throw error;
  }
  await remove();
};
