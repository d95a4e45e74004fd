import type { ForgeRepository } from '../types.js';
import type { GitLabClient } from './client.js';

const DEVELOPER = 30;

/** A project as far as it is asked for here. */
export interface Project {
  readonly id: number;
  readonly path_with_namespace: string;
  readonly default_branch?: string | null;
  readonly archived?: boolean;
  readonly empty_repo?: boolean;
  readonly visibility?: string;
  readonly web_url: string;
  readonly http_url_to_repo: string;
  readonly import_status?: string;
  readonly permissions?: { readonly project_access?: Access; readonly group_access?: Access };
}

type Access = { readonly access_level: number } | null;

export async function showProject(client: GitLabClient, id: string | number): Promise<Project> {
  return (await client.projects.show(id)) as unknown as Project;
}

export async function repositoryOf(client: GitLabClient, project: Project): Promise<ForgeRepository> {
  return {
    fullName: project.path_with_namespace,
    defaultBranch: project.default_branch ?? '',
    isArchived: project.archived ?? false,
    isEmpty: (project.empty_repo ?? false) || isBeingMade(project),
    canPush: await canPush(client, project),
    webUrl: project.web_url,
    cloneUrl: project.http_url_to_repo,
  };
}

function isBeingMade({ import_status: status }: Project): boolean {
  return status === 'scheduled' || status === 'started';
}

/** Who is a member by an invited group has no access of the two here, but is found among the members. */
async function canPush(client: GitLabClient, project: Project): Promise<boolean> {
  const { project_access: own, group_access: group } = project.permissions ?? {};
  if (own || group) return Math.max(own?.access_level ?? 0, group?.access_level ?? 0) >= DEVELOPER;
  const { id } = await client.users.showCurrentUser();
  const member = await client.members.show(project.id, id, { includeInherited: true }).catch(noneOf);
  return (member?.access_level ?? 0) >= DEVELOPER;
}

function noneOf(error: unknown): undefined {
  const { answer } = error as { readonly answer?: { readonly status: number } };
  if (answer?.status !== 404) throw error;
}
