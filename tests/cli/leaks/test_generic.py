"""Random values under names that say secret, in the files where people write them; and what looks like them and is none."""

import base64
import collections
import json
import pathlib
import random
import sys
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from leaks import LeaksTest, made_up  # noqa: E402

LEAST = 97.0
SERVICES = (pathlib.Path(__file__).parent / "services.txt").read_text().split()
LOWER, UPPER, DIGITS = "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"
NAMES = ["API_KEY", "SECRET_KEY", "TOKEN", "ACCESS_TOKEN", "KEY", "SECRET", "PASSWORD", "CLIENT_SECRET", "PAT", "PASS", "AUTH", "CREDS", "SALT", "SECRET_KEY_BASE", "PWORD", "TKN"]
SPOKEN = ["API_KEY", "SECRET_KEY", "TOKEN", "ACCESS_TOKEN", "KEY", "SECRET", "PASSWORD", "CLIENT_SECRET"]


class Values:
    """One of each kind, again and again; the same for the same seed."""

    def __init__(self, seed):
        self.source = random.Random(seed)
        self.kinds = {
            "hex 32": lambda: self.of("0123456789abcdef", 32, 32),
            "hex 64": lambda: self.of("0123456789abcdef", 64, 64),
            "uuid": lambda: str(uuid.UUID(int=self.source.getrandbits(128), version=4)),
            "upper and digits": lambda: self.of(UPPER + DIGITS, 16, 40),
            "letters": lambda: self.of(UPPER + LOWER, 16, 40),
            "lower and digits": lambda: self.of(LOWER + DIGITS, 16, 40),
            "mixed": lambda: self.of(LOWER + UPPER + DIGITS, 12, 60),
            "base64": lambda: base64.b64encode(self.source.randbytes(self.source.randint(15, 60))).decode(),
            "signs": lambda: self.of(LOWER + UPPER, 1, 1) + self.of(LOWER + UPPER + DIGITS + "$:(#@%!", 14, 60),
            "other letters": lambda: self.of(LOWER + UPPER + DIGITS + "äöüéñç", 14, 40),
            "long": lambda: self.of(LOWER + UPPER + DIGITS, 200, 200),
        }

    def of(self, letters, least, most):
        return "".join(self.source.choice(letters) for _ in range(self.source.randint(least, most)))


def camel(service, name):
    return service + "".join(word.capitalize() for word in name.split("_"))


def pair(first, second):
    return lambda s, n, v: json.dumps({first: f"{s}_{n}", second: v}, ensure_ascii=False, indent=1)


# By the kind of file: its ending, and a line of it that holds a value under the name of a service's secret.
LINES = {
    "environment": (".env", lambda s, n, v: f"{s.upper()}_{n}={v}"),
    "environment, quoted": (".sh", lambda s, n, v: f'export {s.upper()}_{n}="{v}"'),
    "yaml": (".yaml", lambda s, n, v: f"{s}:\n  {s}_{n.lower()}: '{v}'"),
    "yaml, plain": (".yaml", lambda s, n, v: f"{camel(s, n)}: {v}"),
    "json": (".json", lambda s, n, v: json.dumps({camel(s, n): v}, ensure_ascii=False, indent=1)),
    "json, kebab": (".json", lambda s, n, v: json.dumps({f"{s}-{n}".lower().replace("_", "-"): v}, ensure_ascii=False)),
    "javascript": (".js", lambda s, n, v: f'const {camel(s, n)} = "{v}";'),
    "python": (".py", lambda s, n, v: f"{s}_{n.lower()} = '{v}'"),
}
SENTENCES = {
    "sentence": (".md", lambda s, n, v: f"the {s} {n.lower().replace('_', ' ')} is {v}"),
    "kebab and blank": (".txt", lambda s, n, v: f"{s}-{n.lower().replace('_', '-')} {v}"),
    "words": (".txt", lambda s, n, v: f"{s} {n.replace('_', ' ')} {v}"),
}
FORMS = {
    "toml": (".toml", lambda s, n, v: f'[{s}]\n{s}_{n.lower()} = "{v}"'),
    "ini": (".ini", lambda s, n, v: f"[{s}]\n{s}_{n.lower()}={v}"),
    "properties": (".properties", lambda s, n, v: f"spring.{s}.{camel(s, n)}={v}"),
    "Dockerfile": ("Dockerfile", lambda s, n, v: f"FROM a\nENV {s.upper()}_{n} {v}"),
    "setx": (".cmd", lambda s, n, v: f'setx {s.upper()}_{n} "{v}"'),
    "Terraform": (".tf", lambda s, n, v: f'variable "{s}_{n.lower()}" {{\n  type    = string\n  default = "{v}"\n}}'),
    "Kubernetes": (".yaml", lambda s, n, v: f"env:\n  - name: {s.upper()}_{n}\n    value: '{v}'"),
    "pair of name and value": (".json", pair("name", "value")),
    "pair of key and value": (".json", pair("key", "value")),
    "appSettings": (".config", lambda s, n, v: f'<add key="{camel(s, n)}" value="{v}" />'),
    "XML": (".xml", lambda s, n, v: f"<{camel(s, n)}>{v}</{camel(s, n)}>"),
    "call": (".java", lambda s, n, v: f'client.set{camel(s.capitalize(), n)}("{v}");'),
    "call with a name": (".php", lambda s, n, v: f"define('{s.upper()}_{n}', '{v}');"),
    "index": (".rb", lambda s, n, v: f'config["{s}_{n.lower()}"] = "{v}"'),
}
COMMANDS = {
    "pair in a call": (".py", lambda v: f'requests.get(url, auth=("ops", "{v}"))'),
    "sql": (".sql", lambda v: f"CREATE USER app IDENTIFIED BY '{v}';"),
    "sql, role": (".sql", lambda v: f"ALTER ROLE app WITH PASSWORD '{v}';"),
    "mysql": (".sh", lambda v: f"mysql -h db -u app -p{v} app"),
    "sshpass": (".sh", lambda v: f"sshpass -p '{v}' ssh app@db"),
    "docker login": (".sh", lambda v: f"docker login -u ci -p {v} registry.made-up.io"),
    "redis-cli": (".sh", lambda v: f"redis-cli -h r -a {v} ping"),
    "curl over lines": (".sh", lambda v: f"curl -s \\\n  -u app:{v} \\\n  https://api.made-up.io/"),
    "pgpass": (".pgpass", lambda v: f"db.made-up.io:5432:app:app:{v}"),
    "netrc": (".netrc", lambda v: f"machine git.made-up.io login app password {v}"),
    "yarnrc": (".yarnrc.yml", lambda v: f'npmScopes:\n  a:\n    npmAuthToken: "{v}"'),
    "authorization": (".http", lambda v: f"Authorization: SSWS {v}"),
    "authorization in code": (".py", lambda v: f'headers["Authorization"] = "GenieKey {v}"'),
}
PLAIN = ["hex 32", "hex 64", "uuid", "upper and digits", "letters", "lower and digits", "mixed", "long"]
SAMPLE = made_up(20, 5)
QUIET = {
    "package.json": '{"dependencies": {"cookie": "^0.7.2", "token": "1.2.3", "csrf-token": "2.0.0-beta.3"}, "scripts": {"secret": "node gen.mjs"}}',
    "de.json": '{"password": "Passwort", "apiToken": "API-Schlüssel", "secret": "Tajny klucz 2FA", "token": "刷新令牌"}',
    "tokens.json": '{"color": {"token": "#0055ff"}, "spacing": {"token": "8px"}, "primaryToken": "{color.blue}", "accessToken": "--color-access"}',
    "page.json": '{"nextPageToken": "rhci51TXpePgoJkvFzzLO4PzLkt3zUdX", "cursorToken": "eirfXS8Pb0VZr5uLCGjBS9y08d5iB4d4"}',
    "store.json": '{"password": "ssm:/prod/db", "apiKey": "[listKeys(resourceId(\'x\')).keys[0].value]", "token": "((prod-token))", "secret": "%env(APP_SECRET)%"}',
    "sops.json": '{"db_password": "ENC[AES256_GCM,data:dQ/BI55N2HOZWZYaC0hyZXtl,iv:J9g+0bc489YooLITCuPNpkgczNOQ0+4q3B4qiUPeVl4=,type:str]"}',
    "names.py": "".join(f'{name} = "{SAMPLE}"\n' for name in ("cache_key", "public_key", "compat", "password_hash")),
    "code.py": "token = get_token_from_session(user)\npassword = settings.DATABASE_PASSWORD\nsecret_key = os.environ['SECRET_KEY']\napi_key: str = config.api_key_for(tenant)\n",
    "notes.md": f"The token is documentation-of-everything. A primary key {SAMPLE} joins them. The password is required-by-policy.\n",
    "a.sh": "mysql -u root -p app\nsshpass -p $PASSWORD ssh a\ndocker login -u ci -p {password}\nredis-cli -a \"$REDIS_PASSWORD\" ping\n",
}


class Generic(LeaksTest):
    def measure(self, cases):
        """`cases`: what each is of, the ending of its file, its text. Prints a table and returns the least share."""
        for number, (_, ending, text) in enumerate(cases):
            self.write(f"{number}/a{ending}", text + "\n")
        found = {int(finding["file"].split("/")[0]) for finding in self.findings("--no-ignore", ".")}
        counts = collections.defaultdict(collections.Counter)
        for number, (kind, _, _) in enumerate(cases):
            for one in kind:
                counts[one][number in found] += 1
        print()
        for kind, count in counts.items():
            print(f"{kind:26}{count[True] + count[False]:6}{100 * count[True] / (count[True] + count[False]):9.2f}%")
        missed = [text for number, (_, _, text) in enumerate(cases) if number not in found]
        share = 100 * len(found) / len(cases)
        print(f"{'all':26}{len(cases):6}{share:9.2f}%")
        return share, missed[:20]

    def test_beside_the_name_of_any_service(self):
        values = Values(1)
        cases = []
        for number, service in enumerate(SERVICES):
            for table, names, share in ((LINES, NAMES, 3), (SENTENCES, SPOKEN, 1)):
                for form in values.source.sample(list(table), share):
                    ending, line = table[form]
                    kind = list(values.kinds)[(number + len(cases)) % len(values.kinds)]
                    cases.append(((form, kind), ending, line(service, values.source.choice(names), values.kinds[kind]())))
        share, missed = self.measure(cases)
        self.assertEqual(len(SERVICES), 300)
        self.assertGreaterEqual(share, LEAST, missed)

    def test_in_every_kind_of_file(self):
        values = Values(2)
        cases = [((form, kind), ending, line(service, values.source.choice(NAMES), values.kinds[kind]()))
                 for form, (ending, line) in FORMS.items() for kind in values.kinds for service in values.source.sample(SERVICES, 3)]
        cases += [((form, kind), ending, line(values.kinds[kind]())) for form, (ending, line) in COMMANDS.items() for kind in PLAIN for _ in range(3)]
        share, missed = self.measure(cases)
        self.assertGreaterEqual(share, LEAST, missed)

    def test_what_is_no_secret(self):
        for name, text in QUIET.items():
            self.write(name, text)
        self.assertEqual([(f["file"], f["rule"], f["line"]) for f in self.findings(".", code=0)], [])


if __name__ == "__main__":
    unittest.main()
