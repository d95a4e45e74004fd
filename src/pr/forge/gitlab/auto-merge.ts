import type { Refuser } from '../refuse.js';
import type { GitLabClient } from './client.js';

/** A pipeline that is not over yet. */
const GOING = new Set(['created', 'waiting_for_resource', 'preparing', 'pending', 'running', 'scheduled', 'manual']);

/** Merges when the pipeline succeeds. Where there is none to wait for, GitLab would merge now: that is refused here. */
export async function mergeLater(client: GitLabClient, refuser: Refuser, id: number, number: number): Promise<void> {
  const request = await client.mergeRequests.show(id, number);
  if (request.merge_when_pipeline_succeeds) return;
  const pipeline = (request as { head_pipeline?: { status?: string } | null }).head_pipeline;
  if (!GOING.has(pipeline?.status ?? '')) {
    const said = pipeline ? `its pipeline is over (${pipeline.status})` : 'it has no pipeline';
    throw refuser.say('INVALID', 'auto-merge', `${said}, and GitLab would merge it at once`, 'merge it yourself');
  }
  // By its newer name, and the one that older servers know.
  const when = { autoMerge: true, mergeWhenPipelineSucceeds: true } as object;
  await client.mergeRequests.accept(id, number, { ...when, sha: request.sha });
}
