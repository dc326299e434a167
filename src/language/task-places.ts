import { parseYaml } from './source/yaml/yaml.ts';
import type { YamlNode } from './source/yaml/yaml-node.ts';

/** Where the tasks and plays of a file begin. */
export interface TaskPlaces {
  readonly kind: 'playbook' | 'tasks';
  /** Lines on which a task begins; blocks are none, what is in them is. */
  readonly tasks: readonly number[];
  /** Lines on which something else begins, to which what follows belongs. */
  readonly others: readonly number[];
}

const listsOfPlay = ['pre_tasks', 'tasks', 'post_tasks', 'handlers'];
const listsOfBlock = ['block', 'rescue', 'always'];

function isPlay(node: YamlNode): boolean {
  const importing = ['import_playbook', 'ansible.builtin.import_playbook'];
  return node.get('hosts') !== undefined || importing.some((word) => node.get(word) !== undefined);
}

function looksLikePlays(text: string): boolean {
  return /^[ -]*hosts:/m.test(text) && /^ *(?:tasks|roles|pre_tasks|handlers):/m.test(text);
}

/** Finds the tasks of a playbook or of a file of tasks; undefined for any other file. */
export function taskPlaces(file: string, text: string): TaskPlaces | undefined {
  const { root } = parseYaml(file, text);
  // What is no YAML is told by its words: its reader wants to know why it is none.
  if (!root) return looksLikePlays(text) ? { kind: 'playbook', tasks: [], others: [1] } : undefined;
  const plays = root.isMapping() ? (root.get('plays')?.items() ?? []) : (root.items() ?? []);
  const tasks: number[] = [];
  const others: number[] = [];
  const walk = (list: YamlNode | undefined) => {
    for (const item of list?.items() ?? []) {
      if (item.get('block') === undefined) tasks.push(item.position.line);
      else {
        others.push(item.position.line);
        for (const key of listsOfBlock) walk(item.get(key));
      }
    }
  };
  if (plays.length > 0 && plays.every((play) => play.isMapping() && isPlay(play))) {
    for (const play of plays) {
      others.push(play.position.line);
      for (const key of listsOfPlay) walk(play.get(key));
    }
    return { kind: 'playbook', tasks, others };
  }
  if (!root.isList() || !root.items().every((item) => item.isMapping())) return undefined;
  walk(root);
  return { kind: 'tasks', tasks, others };
}
