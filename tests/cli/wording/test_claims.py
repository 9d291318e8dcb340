import re
import unittest

from support import MATRIX, RepositoryTest
from wording import claim_phrases, claim_sentences

OVERCLAIMS = claim_sentences.OVERCLAIMS + claim_phrases.OVERCLAIMS
BOUNDARIES = claim_sentences.BOUNDARIES + claim_phrases.BOUNDARIES


def plain(text):
    """Lower case, typographic marks as ASCII, no marks of emphasis, one blank for any run of them."""
    for old, new in (("*", ""), ("“", '"'), ("”", '"'), ("’", "'"), ("‑", "-")):
        text = text.replace(old, new)
    return " ".join(text.split()).lower()


class Claims(RepositoryTest):
    def judge(self, texts):
        """The findings of each text, each in a file of its own below the sample."""
        for number, text in enumerate(texts):
            self.write(f"pages/{number:04}.md", text + "\n")
        self.dump("launchgate.json", {"schemaVersion": 1, "documents": [
            {"path": "pages/*.md", "kind": "markdown"}, {"path": MATRIX, "kind": "evidence-matrix"}]})
        report = self.tool("launchgate-wording", "--format", "json").json()
        found = [[] for _ in texts]
        for finding in report["findings"]:
            name = re.fullmatch(r"pages/(\d+)\.md", finding["file"])
            self.assertTrue(name, finding)
            found[int(name[1])].append(finding)
        return found

    def test_overclaims_are_found_where_they_stand(self):
        self.assertGreaterEqual(len(OVERCLAIMS), 60)
        for text, findings in zip(OVERCLAIMS, self.judge(OVERCLAIMS)):
            with self.subTest(text):
                self.assertTrue(findings)
                for one in findings:
                    self.assertTrue(one["rule"].startswith("claims/"), one)
                    words = re.search(r': "(.*)"; the accepted tier is "local-self-host-beta"$', one["message"])
                    self.assertTrue(words, one)
                    rest = "\n".join(text.split("\n")[one["line"] - 1:])[one["column"] - 1:]
                    self.assertTrue(plain(rest).startswith(plain(words[1])), one)

    def test_honest_boundaries_are_left_alone(self):
        self.assertGreaterEqual(len(BOUNDARIES), 60)
        for text, findings in zip(BOUNDARIES, self.judge(BOUNDARIES)):
            with self.subTest(text):
                self.assertEqual(findings, [])

    def test_the_same_sentences_in_the_matrix(self):
        """In each string that the matrix publishes; there a sentence has neither lists nor tables around it."""
        places = [("publicProductClaim",), ("tiers", "local-self-host-beta", "acceptedClaims", 0), ("tiers", "local-self-host-beta", "description"),
                  ("tiers", "public-beta", "description")]
        simple = re.compile(r"[\w ,.;:'()!-]+")
        samples = [(text, True) for text in OVERCLAIMS if simple.fullmatch(text)][:40] + [(text, False) for text in BOUNDARIES if simple.fullmatch(text)][:40]
        self.assertGreater(len(samples), 60)
        original = self.load(MATRIX)
        for number, (text, claims) in enumerate(samples):
            matrix = self.load(MATRIX)
            place = places[number % len(places)]
            target = matrix
            for key in place[:-1]:
                target = target[key]
            target[place[-1]] = text
            self.dump(MATRIX, matrix)
            findings = [one for one in self.tool("launchgate-wording", "--format", "json").json()["findings"] if one["rule"].startswith("claims/")]
            with self.subTest(text, place=place):
                self.assertEqual(bool(findings), claims, findings)
                for one in findings:
                    self.assertEqual(one["file"], MATRIX)
                    self.assertEqual(one["pointer"], "/" + "/".join(map(str, place)))
                    self.assertIn(text, self.read(MATRIX).split("\n")[one["line"] - 1])
            self.dump(MATRIX, original)


if __name__ == "__main__":
    unittest.main()
