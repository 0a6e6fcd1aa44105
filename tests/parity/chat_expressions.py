"""Short templates, each about something in which Python's values or Jinja's rules are particular."""

CONVERSATION = {
    "messages": [
        {"role": "system", "content": "Be 'brief'."},
        {"content": "Héllo \"you\"\n", "role": "user", "n": 3, "f": 2.50, "items": ["a", 1, None, True], "nested": {"k": {"z": [1, [2, {}]], "a": []}}},
        {"role": "assistant", "content": "  Hi there 😀  "},
        {"role": "user", "content": "Name Two or three"},
    ],
    "variables": {
        "d": {"b": 1, "a": [1, 2], "é": "ü\u2028\x7f\t\"'\\/<&>"},
        "numbers": [3, 1, 2.5, -7, 10],
        "words": ["pear", "Apple", "fig", "apple", "Banana"],
        "rows": [{"n": "x", "v": 2}, {"n": "Y", "v": 1}, {"n": "x", "v": 3}, {"v": 9}],
        "t": "  The quick-brown fox's (lazy) dog jumped\tover 3 ÉCLAIRS  ",
        "lines": "one\n\ntwo\r\nthree\u2028four\n",
        "empty": [],
        "nothing": None,
        "yes": True,
        "no": False,
    },
}

VALUES = """
true|false|none|True|None|1|-1|1.0|0.1|1e3|1e16|1.5e16|123456789012345678|1e-4|1e-5|0.00012|-0.0|1e100|3.14159|100000.0
'a'|"it's"|'say "x"'|'both \\' and "'|'tab\\t nl\\n back\\\\ \\x07 é \\u200b 😀 \\xa0'|'\\q'|'a' 'b'|''|[]|{}|()|(1,)|(1, 'a')
[1, [2, none], {'a': (true,)}]|{'a': 1, 2: 'b', none: 1.5}|range(3)|range(1, 9, 3)|namespace(a=1, b='x')|dict(a=1)|[1, 2,]|0x1F|0b101|1_000
d|d.a|d['b']|d.items()|d.keys()|d.values()|d.missing|d['missing']|messages[1]|messages[1].items|messages[1]['items']|messages[1].nested
messages[9]|messages[-1].role|messages[1:3]|messages[::-1][0].role|messages[:1]|t[3:6]|t[::-1]|t[-3]|numbers[1:][::2]|numbers[-2:]|numbers[10:]
t.strip()|t.split()|t.split('o')|t.split(' ', 2)|t.split(none, 3)|t.rsplit(none, 2)|t.rsplit('o', 1)|t.lstrip()|t.rstrip()|t.strip(' TS')|lines.splitlines()|lines.splitlines(true)
t.upper()|t.lower()|t.title()|t.capitalize()|t.swapcase()|'ß ﬁ'.title()|'ǆ'.upper()|'ΑΣ'.lower()|'straße'.casefold()|'hello wORLD'.capitalize()
t.startswith('  The')|t.startswith(('x', '  '))|t.endswith('x')|t.find('o')|t.rfind('o')|t.find('zz')|t.index('q')|t.count('o')|t.count('')|t.find('o', 10)|t.find('o', 0, 5)
t.replace('o', '0')|t.replace('o', '0', 1)|t.replace('', '-')|'a.b.c'.partition('.')|'a.b.c'.rpartition('.')|'abc'.partition('x')|'abc'.removeprefix('a')|'abc'.removesuffix('bc')
'abc'.center(8)|'abcd'.center(9, '*')|'a'.center(4)|'ab'.ljust(5, '.')|'ab'.rjust(5)|'-7'.zfill(5)|'a\\tb'.expandtabs(4)|','.join(['a', 'b'])|''.join('abc')|', '.join(d)
'abc'.isalpha()|'ab1'.isalnum()|'12'.isdigit()|'²'.isdigit()|'²'.isdecimal()|'½'.isnumeric()|''.isalpha()|' '.isspace()|''.isspace()|'a_1'.isidentifier()|'Ab'.istitle()|'AB1'.isupper()|'1'.islower()|'é'.isascii()|'\\n'.isprintable()
'{} {}'.format(1, 'a')|'{0}{1}{0}'.format('x', 2)|'{a} {b!r}'.format(a=1, b='q')|'{:>5}|{:<5}|{:^5}'.format('a', 'b', 'c')|'{:.2f} {:05d} {:,} {:x} {:+}'.format(3.14159, 42, 1234567, 255, 5)|'{:.3}'.format('abcdef')|'{0[a]} {0.b}'.format(d)|'{{}}'.format()|'{:%}'.format(0.25)|'{:e} {:g}'.format(12345.678, 0.00001)|'{}'.format(none)|'{}'.format(true)|'{:>{}}'.format('x', 4)
'%s %r %d' % ('a', 'b', 3)|'%5.1f|%-5s|%05d' % (2.25, 'x', 42)|'%(a)s' % {'a': 1}|'%s' % 5|'%s' % [1]|'100%%' % ()|'%x %o %e %g' % (255, 8, 1.5, 1e10)|'%c' % 'z'|'%s' % none|'%+d % d' % (3, 4)
numbers.count(1)|numbers.index(2.5)|[1, 2].index(9)|(1, 2, 1).count(1)|numbers.copy()|d.get('b')|d.get('zz')|d.get('zz', 7)|d.copy()
1 + 2|1 + 2.0|7 / 2|4 / 2|7 // 2|-7 // 2|7 // -2|7 % 3|-7 % 3|7 % -3|2 ** 10|2 ** -1|-2 ** 2|2 ** 3 ** 2|7.5 // 2|-7.5 % 2|1 - 1|+5|--5|true + 1|'ab' * 3|3 * 'ab'|[1] * 2|'a' * 0|'a' * -1|[1] + [2]|(1,) + (2,)|1 / 0|'a' + 1|1 + 'a'|none + 1|10 % 0
1 == 1.0|1 == true|'a' == 'a'|[1] == [1.0]|[1] == (1,)|none == false|{'a': 1, 'b': 2} == {'b': 2, 'a': 1}|1 < 2 < 3|1 < 3 < 2|'a' < 'b'|[1, 2] < [1, 3]|1 < 'a'|none < 1|1 != 2|missing == missing2|missing == none
1 in [1, 2]|'a' in 'cat'|'b' in d|1 not in [2]|'x' in none|1 in 'a'|'a' in missing|2 in range(3)|not true|not missing|true and 1|0 or 'x'|'' or none|1 and 0 or 2|not 1 == 2
'a' ~ 1 ~ none ~ true ~ 1.0 ~ [1] ~ missing|1 ~ 2 + 3|1 if true else 2|1 if false|(1 if false) is defined|'a' if missing else 'b' if no else 'c'
missing|missing.x|missing[0]|missing + 1|missing()|missing|length|d.missing.x|d.missing is defined|missing is none|missing is sequence|missing is iterable|missing is callable|missing is mapping|missing ~ 'x'|missing * 2|-missing|missing in [1]|missing < 1|missing[1:]
1 is integer|1.0 is integer|true is integer|1.0 is float|1 is number|true is number|'a' is string|'a' is sequence|'a' is iterable|[] is sequence|{} is sequence|{} is mapping|{} is iterable|none is iterable|none is none|1 is odd|2 is even|10 is divisibleby 5|10 is divisibleby(3)|true is true|1 is true|true is boolean|'a' is in ['a']|1 is sameas 1|1 is sameas true|none is sameas none|'a' is lower|'A' is upper|'Ab' is lower|1 is eq 1|2 is gt(1)|2 is lessthan 3|range is callable|t.strip is callable|'upper' is filter|'odd' is test|x is not defined|1 is not none|[1] is equalto [1]|(1, 2) is sequence|range(2) is sequence|d.items() is sequence|d.items() is iterable|'x' is escaped
t|upper|t|lower|t|title|t|capitalize|t|trim|t|trim('T ')|t|length|t|wordcount|'a b'|replace('a', 'b')|'aXbX'|replace('X', '-', 1)|1|replace(1, 2)|none|upper|1|string|none|string|true|string|[1]|string|1|trim|none|trim|5|length|none|length
'a'|default('b')|missing|default('b')|''|default('b')|''|default('b', true)|none|d('x', boolean=true)|missing|default|none|default('x')
numbers|first|numbers|last|empty|first|empty|last|'abc'|first|'abc'|last|d|first|numbers|sum|numbers|max|numbers|min|empty|max|rows|sum(attribute='v')|[[1], [2]]|sum(start=[])|numbers|length|numbers|count|numbers|list|'abc'|list|d|list|range(3)|list
words|sort|words|sort(case_sensitive=true)|words|sort(reverse=true)|words|sort(true)|numbers|sort|rows|sort(attribute='v')|rows|sort(attribute='v,n')|[1, 'a']|sort|words|unique|list|words|unique(true)|list|words|join|words|join(', ')|numbers|join('-')|rows|join('|', attribute='v')|[1, none, true]|join(',')|none|join|words|reverse|list|'abc'|reverse|words|min|words|max
rows|map(attribute='v')|list|rows|map(attribute='n')|list|rows|map(attribute='n', default='?')|list|words|map('upper')|list|words|map('replace', 'p', 'P')|join(',')|words|map('first')|list|messages|map(attribute='content')|map('trim')|list|missing|map('upper')|list|words|map('shout')|list|messages|map(attribute='nested.k.z.1.0')|list
rows|selectattr('n')|list|rows|selectattr('n', 'defined')|list|rows|selectattr('n', 'equalto', 'x')|list|length|rows|rejectattr('n', 'eq', 'x')|list|numbers|select('odd')|list|numbers|select('gt', 2)|list|numbers|reject('lt', 2)|list|[0, 1, '', 'a', none]|select|list|[0, 1]|reject|list|messages|selectattr('role', 'in', ['user'])|map(attribute='content')|first|rows|selectattr('n', 'loud')|list
rows|selectattr('v', 'gt', 1)|length|messages|selectattr('role', 'equalto', 'nobody')|first|true if messages|selectattr('role', 'equalto', 'nobody') else false
rows[:3]|groupby('n')|rows[:3]|groupby('n')|map('first')|list|rows|groupby('n', default='zz')|rows[:3]|groupby('n', case_sensitive=true)|d|dictsort|{'b': 1, 'A': 3, 'c': 2}|dictsort|{'b': 1, 'A': 3, 'c': 2}|dictsort(true)|{'b': 1, 'A': 3, 'c': 2}|dictsort(by='value')|{'b': 1, 'A': 3}|dictsort(reverse=true)|d|items|list|d.items()|list|d.items()|first
numbers|batch(2)|list|numbers|batch(2, 'x')|list|numbers|slice(2)|list|numbers|slice(3, 0)|list|'a\\nb\\n\\nc'|indent|'a\\nb\\n\\nc'|indent(2, true)|'a\\nb\\n\\nc'|indent(2, blank=true)|'a\\nb'|indent('> ')|'a\\nb\\n'|indent(1)|t|truncate(15)|t|truncate(15, true)|t|truncate(15, true, '', 0)|'abc'|truncate(2)|t|truncate(20, end='…')|'abc def'|center(11)
'42'|int|'4.7'|int|'x'|int|'x'|int(5)|'0x1f'|int(0, 16)|3.9|int|-3.9|int|none|int|'1_000'|int|' 7 '|int|true|int|'2.5'|float|'x'|float|'inf'|float|7|float|2.5|round|3.5|round|-2.5|round|2.675|round(2)|2.7|round|7|round|1234.5|round(-2)|2.1|round(0, 'ceil')|2.9|round(method='floor')|1.25|round(1)|0.5|round|-3|abs|-3.5|abs|'a'|abs
d|tojson|d|tojson(indent=2)|d|tojson(ensure_ascii=true)|d|tojson(separators=(',', ':'))|d|tojson(sort_keys=true)|d|tojson(indent=1, separators=(',', ': '))|[]|tojson(indent=2)|{}|tojson(indent=2)|[1, 1.0, none, true, 'a', (1,)]|tojson|{'a': {}}|tojson(indent=4)|{1: 2, none: 3, true: 4, 1.5: 5}|tojson|1e100|tojson|'😀\\x7f'|tojson(ensure_ascii=true)|'a/b<>&\\''|tojson|missing|tojson|d.items()|tojson|range(2)|tojson|d|tojson(indent='--')|d|tojson(true)|d|tojson(indent=0)|d|tojson(none, 2)|messages[1]|tojson|{'b': 1, 'a': [1, 2]}|tojson
'<a href="x">&</a>'|escape|'<b>x</b> y &amp; z'|striptags|'a b/ü&'|urlencode|{'a': 1, 'b c': 'd/e'}|urlencode|'x'|safe|'<'|e|'%s-%s'|format('a', 1)|'%(x)s'|format(x=3)|d|attr('b')|t|attr('upper') is callable|[1, 2]|pprint
strftime_now('%Y-%m-%d')|strftime_now('%d %b %Y')|strftime_now('%A, %B %-d, %Y %H:%M:%S %p %I %j %y %e %U %W %w %u %V %G %%')|strftime_now('%c|%x|%X|%D|%F|%T|%R|%r|%h|%n|%t|%C|%k|%l|%P|%f|%s')|strftime_now('[%Z][%z]')|strftime_now('%_d %03d %^a %#Z %q %')|strftime_now is defined|strftime_now('')
messages[0].role.upper|messages[0].pop|messages[0].pop('role')|messages[0]['update']|messages.append(1)|d.clear()|d.__class__|d._x is defined|t.__class__.__name__|messages[0].get('role')|messages.reverse()|d.setdefault('a', 1)|().append
raise_exception('No: ' ~ d.b)|raise_exception(5)|raise_exception()|range(1000000000)|range(0, 10, 0)|range(-3)|list|range('a')|namespace(_x=1)|dict([('a', 1)], b=2)|dict({'a': 1})|{[1]: 2}|{(1, 2): 3}|{'a': 1, 'a': 2}
messages[0]['role'] == 'system' and messages[1]['role'] != 'system'|(messages|length) - 1|messages | length - 1|-1 | abs|(-1)|abs|1 + 2 | string|'a' + 'b' | upper|not true is defined|2 * 3 is eq 6|messages[0].content.split("'")[1].strip().upper()|{'a': [1, {'b': 2}]}.a[1].b|[1, 2][0]|(1, 2)[1]|'abc'[1]|'abc'[5]|'abc'['x']|1.0.is_integer()|5 .x|{'k': 1}.k|{'items': 1}.items|{'items': 1}['items']
"""

STATEMENTS = [
    "{% set x = 0 %}{% for i in [1, 2] %}{{ x }}{% set x = i %}{% endfor %}{{ x }}",
    "{% if true %}{% set x = 5 %}{% endif %}{{ x }}",
    "{% for i in [1, 2] %}{% if i == 1 %}{% set y = 7 %}{% endif %}[{{ y }}]{% endfor %}",
    "{% set ns = namespace(found=false, n=0) %}{% for i in range(5) %}{% set ns.n = ns.n + i %}{% if i == 3 %}{% set ns.found = true %}{% endif %}{% endfor %}{{ ns.found }} {{ ns.n }} {{ ns }}",
    "{% set a, b = 1, 2 %}{{ a }}{{ b }}{% set (c, d2) = [3, 4] %}{{ c + d2 }}",
    "{% set x %}a{{ 1 }}b{% endset %}{{ x }}{{ x|length }}",
    "{% set x | upper | trim %} abc {% endset %}[{{ x }}]",
    "{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}",
    "{% for k in d %}{{ k }}{% if not loop.last %}, {% endif %}{% endfor %}",
    "{% for x in numbers if x > 1 %}{{ loop.index }}/{{ loop.length }}:{{ x }} {% endfor %}",
    "{% for x in [] %}x{% else %}none{% endfor %}",
    "{% for x in numbers %}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.depth }}{{ loop.previtem }}{{ loop.nextitem }}{{ loop.cycle('a', 'b') }}|{% endfor %}",
    "{% for x in [1, 1, 2] %}{% if loop.changed(x) %}{{ x }}{% endif %}{% endfor %}",
    "{% for x in numbers %}{% if x == 1 %}{% continue %}{% endif %}{% if x == -7 %}{% break %}{% endif %}{{ x }} {% endfor %}",
    "{% for x in [[1, [2, [3]]]] recursive %}{% if x is iterable %}({{ loop(x) }}){% else %}{{ x }}:{{ loop.depth }} {% endif %}{% endfor %}",
    "{% for c in 'né' %}{{ c }}.{% endfor %}",
    "{% for x in none %}{% endfor %}",
    "{% for x in 5 %}{% endfor %}",
    "{% for a, b in [[1, 2], [3]] %}{{ a }}{% endfor %}",
    "{% for x in missing %}x{% else %}nothing{% endfor %}",
    "{% for i in range(3) %}{% for j in range(2) %}{{ loop.index }}{{ i }}{% endfor %}{{ loop.index }};{% endfor %}",
    "{% macro m(a, b='x', c=none) %}{{ a }}{{ b }}{{ c }}{% endmacro %}{{ m(1) }}|{{ m(1, 2) }}|{{ m(b=3, a=4) }}|{{ m() }}|{{ m.name }}|{{ m }}",
    "{% macro m(a) %}{{ a }}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, 2, 3, x=4) }}",
    "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, 2) }}",
    "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(z=2) }}",
    "{% macro f(n) %}{{ n }}{% if n > 0 %},{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(5) }}",
    "{% macro box(t) %}[{{ t }}:{{ caller() }}]{% endmacro %}{% call box('x') %}in{{ 1 + 1 }}{% endcall %}",
    "{% macro each(xs) %}{% for x in xs %}{{ caller(x) }}{% endfor %}{% endmacro %}{% call(v) each([1, 2]) %}<{{ v }}>{% endcall %}",
    "{% macro m() %}{{ later }}{% endmacro %}{% set later = 9 %}{{ m() }}",
    "{% for i in [1, 2] %}{% macro m() %}{{ i }}{% endmacro %}{{ m() }}{% endfor %}",
    "{% with a = 1, b = a %}{{ a }}{{ b }}{% endwith %}{{ a }}",
    "{% with %}{% set q = 3 %}{{ q }}{% endwith %}{{ q }}",
    "{% filter upper %}abc{{ 'd' }}{% endfilter %}",
    "{% filter replace('a', 'b') | trim %} aa {% endfilter %}",
    "{% raw %}{{ x }} {% if %}{% endraw %}",
    "a\n  {% raw -%}  {{ x }}  {%- endraw %}  \nb",
    "{# comment #}a{#- c -#} b {# #}",
    "a  \n  {%- if true -%}  \n b \n {%- endif %}\n c",
    "a\n  {% if true %}\n  b\n  {% endif %}\nc",
    "a\n  {%+ if true %}\n  b\n  {%+ endif +%}\nc",
    "a\n    {{ 1 }}\n  {# c #}\n  b\n",
    "  {% set x = 1 %}  \n{{ x }}\n\n",
    "x {% if true %} y {% endif %} z",
    "\t{% if true %}\n\ty{% endif %}",
    "a\r\n{% if true %}\r\nb\r\n{% endif %}\rc",
    "{% if false %}a{% elif none %}b{% elif 1 %}c{% else %}d{% endif %}",
    "{% if true: %}a{% endif %}",
    "{% if messages %}{{ 'y' }}{% endif %}{% if empty %}n{% endif %}{% if '' or 0 or {} or () %}n{% endif %}",
    "{% print 1, 'a' %}",
    "{% block content %}in{% endblock content %}out",
    "{% set s = rows|selectattr('v', 'gt', 1) %}{{ s|list|length }}{{ s|list|length }}",
    "{% set x = 'a' if true %}{{ x }}",
    "{% generation %}a{% set inner = 1 %}{% endgeneration %}{{ inner }}",
    "{% for m in messages %}{% generation %}{{ loop.index }}{{ m.role[0] }}{% endgeneration %}{% endfor %}",
    "{%- generation -%}  x  {%- endgeneration -%}  y",
    "{% raw %}{% generation %}{% endraw %}{{ '{% generation %}' }}",
    "{% generation %}never closed",
    "{{ 'a }} b' }}{{ \"{% x %}\" }}",
    "{{ {'a': {'b': 1}}['a']['b'] }}{{ {}}}",
    "{{ 1 }}{{- 2 -}} {{ 3 }}",
    "{{ messages[0] }}",
    "{{ messages }}",
    "{% set ns = namespace(x=1) %}{% set ns.y = [ns.x] %}{{ ns.y }}{{ ns.z is defined }}{{ ns['x'] }}",
    "{% set d.x = 1 %}",
    "{% set true = 1 %}",
    "{% set x = %}",
    "{% for x %}{% endfor %}",
    "{% if %}{% endif %}",
    "{% endif %}",
    "{% if true %}{% endfor %}",
    "{{ 1 +  }}",
    "{{ (1, }}",
    "{{ 'unclosed }}",
    "{{ [1 2] }}",
    "{{ a b }}",
    "{{ f(a=1, 2) }}",
    "{{ x | }}",
    "{{ x is }}",
    "{% do x %}",
    "{# unclosed",
    "{% raw %} unclosed",
    "{{ 1 $ 2 }}",
    "{% macro m(a=1, b) %}{% endmacro %}",
    "{{ 'a' is string is string }}",
    "{% break %}",
    "{% extends 'x' %}",
    "{% from 'x' import y %}",
    "{% autoescape false %}<{{ '<' }}{% endautoescape %}",
    "line1\nline2 {{ messages[0].x.y }}",
    "{% if d.b == 1 and (d.a | length) > 1 and not (d.zz is defined) %}ok{% endif %}",
    "{{ bos_token }}{{ eos_token is defined }}{{ nothing }}{{ add_generation_prompt }}{{ tools }}{{ documents is none }}",
    "{% set loop_messages = messages[1:] if messages[0].role == 'system' else messages %}{% for m in loop_messages %}{{ loop.index0 % 2 }}{{ m.role }}{% endfor %}",
    "{% for m in messages | reverse %}{{ m.role }} {% endfor %}",
    "{% for m in messages %}{% set outer = loop %}{% for c in 'ab' %}{{ outer.index }}{{ loop.index }} {% endfor %}{% endfor %}",
]


def split(line):
    """The expressions of a line: `|` between two of them is what is not inside of a filter's chain. They are told apart by
    whether what stands behind the bar is a filter's name."""
    from jinja2.filters import FILTERS

    parts, current = [], None
    depth, quote = 0, None
    pieces, piece = [], ""
    for index, c in enumerate(line):
        if quote:
            quote = None if c == quote and line[index - 1] != "\\" else quote
        elif c in "'\"":
            quote = c
        elif c in "([{":
            depth += 1
        elif c in ")]}":
            depth -= 1
        elif c == "|" and depth == 0:
            pieces.append(piece)
            piece = ""
            continue
        piece += c
    for piece in [*pieces, piece]:
        name = piece.strip().split("(")[0].split(" ")[0].split("-")[0]
        if current is not None and (name in FILTERS or name in ("tojson", "shout")):
            current += "|" + piece
        else:
            if current is not None:
                parts.append(current)
            current = piece
    return [*parts, current]


EXPRESSIONS = [part for line in VALUES.strip().splitlines() for part in split(line)]
TEMPLATES = ["{{ " + expression + " }}" for expression in dict.fromkeys(EXPRESSIONS)] + STATEMENTS
