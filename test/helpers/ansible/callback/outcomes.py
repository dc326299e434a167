"""Prints how each task ended on each host, a line of JSON for each."""
import json

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: outcomes
type: stdout
short_description: a line of JSON for each result
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = 'stdout'
    CALLBACK_NAME = 'outcomes'

    def _print(self, result, status):
        name = result._task.get_name()
        says = status != 'failed' and result._task.action.split('.')[-1] == 'debug'
        said = {'said': self._said(result)} if says else {}
        print(json.dumps({'host': result._host.name, 'name': name, 'status': status, **said}), flush=True)

    # What a task of debug says, a message for each item.
    def _said(self, result):
        items = result._result.get('results', [result._result])
        return [item['msg'] for item in items if 'msg' in item and not item.get('skipped')]

    def v2_runner_on_ok(self, result):
        self._print(result, 'changed' if result._result.get('changed') else 'ok')

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self._print(result, 'failed')
        print(json.dumps({'why': str(result._result.get('msg'))}), flush=True)

    def v2_runner_on_skipped(self, result):
        self._print(result, 'skipped')
