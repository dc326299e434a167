// What Jinja2 3.1 (Python) gives for these templates with trim_blocks, keep_trailing_newline and Ansible's finalize.
export const jinjaCases: readonly (readonly [
  template: string,
  variables: Record<string, unknown>,
  expected: string,
])[] = [
  [
    '{{ 2**3**2 }} {{ -2**2 }} {{ -1|abs }} {{ 7//2 }} {{ -7//2 }} {{ -7%3 }} {{ 7%3 }}',
    {},
    '64 4 1 3 -4 2 1',
  ],
  [
    "{{ 'a' 'b' }}{{ \"it's\" }} {{ [1,'a',true,none,\"it's\", 'q\"'] }}",
    {},
    "abit's [1, 'a', True, None, \"it's\", 'q\"']",
  ],
  [
    "{{ [1,2,3][::-1] }}{{ [1,2,3][1:] }}{{ 'abc'[-2:] }}{{ [1,2,3][:-1] }}{{ 'abcdef'[::2] }}",
    {},
    '[3, 2, 1][2, 3]bc[1, 2]ace',
  ],
  [
    "{{ 1 < 2 < 3 }} {{ 1 < 3 < 2 }} {{ 1 in [1,2] }} {{ 3 not in [1,2] }} {{ 'a' in 'abc' }} {{ 'k' in {'k':1} }}",
    {},
    'True False True True True True',
  ],
  ["{{ a or 'x' }}{{ b and 'y' }}{{ not a }}", { a: '', b: [1] }, 'xyTrue'],
  ["{{ 'yes' if a else 'no' }}{{ 'x' if false }}", { a: 1 }, 'yes'],
  [
    "{% for i in range(3) %}{{ loop.index }}{{ loop.first }}{{ loop.last }}{{ loop.revindex }}{{ loop.cycle('a','b') }} {% endfor %}",
    {},
    '1TrueFalse3a 2FalseFalse2b 3FalseTrue1a ',
  ],
  [
    '{% for a, b in x %}{{ a }}-{{ b }};{% else %}none{% endfor %}',
    {
      x: [
        [1, 2],
        [3, 4],
      ],
    },
    '1-2;3-4;',
  ],
  ['{% for a in [] %}{{ a }}{% else %}none{% endfor %}', {}, 'none'],
  ['{% for a in x if a > 1 %}{{ loop.index }}{{ a }}{% endfor %}', { x: [1, 2, 3] }, '1223'],
  ['{% set a = 1 %}{% for i in [1,2] %}{% set a = i %}{% endfor %}{{ a }}', {}, '1'],
  [
    '{% set ns = namespace(x=0) %}{% for i in [1,2] %}{% set ns.x = ns.x + i %}{% endfor %}{{ ns.x }}',
    {},
    '3',
  ],
  ['{% if true %}{% set q = 5 %}{% endif %}{{ q }}', {}, '5'],
  ["{% macro w() %}<{{ caller('q') }}>{% endmacro %}{% call(x) w() %}in {{ x }}{% endcall %}", {}, '<in q>'],
  ["{% filter upper %}abc {{ 'd' }}{% endfilter %}", {}, 'ABC D'],
  ['{% set b %}x{{ 1 }}{% endset %}{{ b }}{% set c | upper %}y{% endset %}{{ c }}', {}, 'x1Y'],
  ['{% with a=1, b=2 %}{{ a }}{{ b }}{% endwith %}', {}, '12'],
  ['a\n{% if true %}\nb\n{% endif %}\nc\n', {}, 'a\nb\nc\n'],
  ['a\n  {%- if true %}\n  b\n  {%- endif %}\nc\n', {}, 'a  bc\n'],
  ['a {#- c -#} b {# c #}\nd', {}, 'ab d'],
  ["{% raw %}{{ x }}{% endraw %}\nz {{- ' y ' -}} \n q", {}, '{{ x }}z y q'],
  ['  {% if true +%}\nb{% endif %}', {}, '  \nb'],
  [
    "{{ x|join(', ') }} {{ x|map('upper')|list }} {{ x|map('length')|sum }} {{ x|select('equalto','a')|list }} {{ x|reject('equalto','a')|list }}",
    { x: ['a', 'bb'] },
    "a, bb ['A', 'BB'] 3 ['a'] ['bb']",
  ],
  [
    "{{ x|map(attribute='n')|list }}{{ x|selectattr('n','gt',1)|map(attribute='n')|join }}{{ x|rejectattr('n','gt',1)|list|length }}{{ x|sum(attribute='n') }}{{ x|sort(attribute='n',reverse=true)|map(attribute='n')|list }}",
    { x: [{ n: 1 }, { n: 3 }, { n: 2 }] },
    '[1, 3, 2]3216[3, 2, 1]',
  ],
  [
    "{{ x|map(attribute='q', default='-')|list }}{{ x|groupby('n')|map('first')|list }}{% for g in x|groupby('n') %}{{ g.grouper }}={{ g.list|length }}{% endfor %}",
    { x: [{ n: 1 }, { n: 3 }, { n: 1 }] },
    "['-', '-', '-'][1, 3]1=23=1",
  ],
  [
    "{{ ['b','A','c']|sort }}{{ ['b','A','c']|sort(case_sensitive=true) }}{{ [3,1,2]|sort|reverse|list }}{{ ['a','A','b']|unique|list }}",
    {},
    "['A', 'b', 'c']['A', 'b', 'c'][3, 2, 1]['a', 'b']",
  ],
  [
    "{{ 'hello world'|title }}{{ 'hello'|capitalize }}{{ ' x '|trim }}{{ 'x.'|trim('.') }}{{ 'abc'|replace('b','z') }}{{ 'abc'|first }}{{ 'abc'|last }}{{ 'abc'|length }}{{ 'abc'|reverse }}",
    {},
    'Hello WorldHelloxxazcac3cba',
  ],
  [
    "{{ 'a b c'.split() }}{{ 'a,b,c'.split(',') }}{{ 'a,b,c'.split(',',1) }}{{ 'a,b,c'.rsplit(',',1) }}{{ 'a\nb'.splitlines() }}{{ ' x '.strip() }}{{ 'xxaxx'.strip('x') }}{{ 'abc'.upper() }}{{ 'a-b'.replace('-','_') }}",
    {},
    "['a', 'b', 'c']['a', 'b', 'c']['a', 'b,c']['a,b', 'c']['a', 'b']xaABCa_b",
  ],
  [
    "{{ '{} {1}'.format('a') if false else '{0}-{b}'.format(1,b=2) }}{{ '{:>5}|{:<5}|{:^5}|{:05d}|{:.2f}'.format('a','b','c',42,3.14159) }}",
    {},
    '1-2    a|b    |  c  |00042|3.14',
  ],
  [
    "{{ '%s %d %05.1f %x %%' | format('a', 5, 3.14159, 255) }}{{ '%s=%s' % ('a','b') }}{{ '%(k)s' % {'k':'v'} }}{{ '%-5s|%5s' % ('a','b') }}",
    {},
    'a 5 003.1 ff %a=bva    |    b',
  ],
  [
    "{{ x.get('a') }}{{ x.get('z','d') }}{{ x.keys()|list }}{{ x.values()|list }}",
    { x: { a: 1, b: 2 } },
    "1d['a', 'b'][1, 2]",
  ],
  [
    "{{ [1,2,3,4,5]|batch(2)|list }}{{ [1,2,3,4,5]|batch(2,'x')|list }}{{ [1,2,3,4,5]|slice(2)|list }}{{ [1,2,3,4,5]|slice(3,'x')|list }}",
    {},
    "[[1, 2], [3, 4], [5]][[1, 2], [3, 4], [5, 'x']][[1, 2, 3], [4, 5]][[1, 2], [3, 4], [5, 'x']]",
  ],
  [
    "{{ 'a\nb\n\nc'|indent(2) }}|{{ 'a\nb\n\nc'|indent(2,true) }}|{{ 'a\n\nb'|indent(2,true,true) }}|{{ 'a\nb'|indent('>>') }}",
    {},
    'a\n  b\n\n  c|  a\n  b\n\n  c|  a\n  \n  b|a\n>>b',
  ],
  [
    "{{ 'foo bar baz qux'|truncate(9) }}|{{ 'foo bar baz qux'|truncate(9,true) }}|{{ 'foo bar baz qux'|truncate(11) }}|{{ 'foo bar baz qux'|truncate(11,false,'..',0) }}",
    {},
    'foo...|foo ba...|foo bar baz qux|foo bar..',
  ],
  [
    "{{ 'foo bar baz'|wordwrap(7) }}|{{ 'a b c'|wordcount }}|{{ 'x'|center(5) }}|{{ '<a>'|escape }}{{ '<b>x</b> y'|striptags }}{{ 'a b/c?d'|urlencode }}{{ {'a':'1 2'}|urlencode }}",
    {},
    'foo bar\nbaz|3|  x  |&lt;a&gt;x ya%20b/c%3Fda=1+2',
  ],
  [
    "{{ 1 is number }}{{ 'a' is string }}{{ [] is iterable }}{{ {} is mapping }}{{ 4 is divisibleby 2 }}{{ 3 is odd }}{{ none is none }}{{ true is true }}{{ 1 is sameas 1 }}{{ 'A' is upper }}{{ 1 is in [1] }}{{ 1 is eq 1 }}{{ 2 is gt 1 }}{{ 1 is not none }}{{ x is undefined }}{{ 1 is defined }}{{ true is boolean }}{{ 1.5 is float }}{{ 1 is integer }}",
    {},
    'TrueTrueTrueTrueTrueTrueTrueTrueTrueTrueTrueTrueTrueTrueTrueTrueTrueTrueTrue',
  ],
  [
    "{{ x|default('d') }}{{ ''|default('d') }}{{ ''|default('d',true) }}{{ ''|d('e',boolean=true) }}{{ none|default('d') }}",
    {},
    'dde',
  ],
  [
    "{{ [1,2,3]|max }}{{ [1,2,3]|min }}{{ ['b','A']|min }}{{ [[1,'b'],[2,'a']]|max }}{{ [1,2]|last }}{{ x|tojson }}",
    { x: { a: [1, '<'] } },
    '31A[2, \'a\']2{"a": [1, "\\u003c"]}',
  ],
  [
    "{{ 'a' ~ 1 ~ none ~ true }}{{ [1]+[2] }}{{ 'a'*3 }}{{ [1]*2 }}{{ (1,2)|list }}{{ [(1,2)]|first|first }}",
    {},
    'a1NoneTrue[1, 2]aaa[1, 1][1, 2]1',
  ],
  [
    "{{ true == 1 }}{{ 'a' == 'a' }}{{ [1,{'a':2}] == [1,{'a':2}] }}{{ {'a':1} == {'a':1} }}{{ 1 != 2 }}{{ 'a' < 'b' }}{{ [1,2] < [1,3] }}",
    {},
    'TrueTrueTrueTrueTrueTrueTrue',
  ],
  [
    '{% for i in [1,2,3] %}{% for j in [1,2] %}{{ loop.index }}{% endfor %}{{ loop.index }}{% endfor %}',
    {},
    '121122123',
  ],
  [
    '{% for i in x recursive %}{{ i.n }}{% if i.c %}({{ loop(i.c) }}){% endif %}{% endfor %}',
    { x: [{ n: 1, c: [{ n: 2, c: [] }] }] },
    '1(2)',
  ],
  [
    "{% for i in [1,1,2] %}{{ loop.changed(i) }}{% endfor %}{% for i in [1,2] %}{{ loop.previtem is defined }}{{ loop.nextitem|default('-') }}{% endfor %}",
    {},
    'TrueFalseTrueFalse2True-',
  ],
  [
    "{% set c = cycler('a','b') %}{{ c.next() }}{{ c.next() }}{{ c.next() }}{% set j = joiner('|') %}{{ j() }}x{{ j() }}y",
    {},
    'abax|y',
  ],
  ["{{ x.a.b[0]['c'] }}{{ x['a'].b.0.c }}", { x: { a: { b: [{ c: 1 }] } } }, '11'],
  ["{{ 'a\\tb\\x41\\u00e9\\d' }}", {}, 'a\tbAé\\d'],
  ['{% if a is defined and a %}A{% elif b == 2 %}B{% else %}C{% endif %}', { b: 2 }, 'B'],
  ['{% set a, b = 1, 2 %}{{ a }}{{ b }}{% set (c, d) = [3, 4] %}{{ c }}{{ d }}', {}, '1234'],
  ['{%- for x in [1,2] -%} {{ x }} {%- endfor -%} z', {}, '12z'],
  [
    "{{ 'abc'|list }}{{ 'abc'|string }}{{ 5|string + '6' }}{{ [1,[2]]|string }}{{ {'a':'b\\\\c'} }}",
    {},
    "['a', 'b', 'c']abc56[1, [2]]{'a': 'b\\\\c'}",
  ],
  [
    "{{ '%.2f'|format(2) }}{{ 'a'.join(['x','y']) }}{{ 'Hello'|lower }}{{ 'hello wORLD foo-bar'|title }}",
    {},
    '2.00xayhelloHello World Foo-Bar',
  ],
  [
    "{% for k, v in x|dictsort %}{{ k }}={{ v }}{{ ', ' if not loop.last }}{% endfor %}",
    { x: { b: 1, a: 2 } },
    'a=2, b=1',
  ],
  [
    "{{ '\n' in 'a\nb' }}{{ {'a': {'b': {'c': 1}}} }}{{ {} }}{{ [] }}{{ '' }}",
    {},
    "True{'a': {'b': {'c': 1}}}{}[]",
  ],
  [
    '{% do [].append(1) %}{% for i in range(10) %}{% if i == 2 %}{% continue %}{% endif %}{% if i == 4 %}{% break %}{% endif %}{{ i }}{% endfor %}',
    {},
    '013',
  ],
];
