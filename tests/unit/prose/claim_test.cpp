#include <random>

#include "lib/prose/claim_text.hpp"
#include "unit/prose/prose_helpers.hpp"

using namespace launchgate;
using namespace launchgate::prose;

namespace {

// Judged with the built-in pack; no tier is accepted.
const std::vector<std::string> overclaims = {
    "The product is production ready.",
    "Our Gateway is production-grade and needs no tuning.",
    "It is not only a beta but production ready.",
    "This release is not just stable, it is production-ready.",
    "It is not certified, but it is production ready.",
    "It is not true that the platform is not production ready.",
    "There is no doubt that it is production ready.",
    "Without question, the hosted tier is now available.",
    "Nobody can deny that we are production ready.",
    "After months of work, it is production ready.",
    "The Cloud is no longer a beta: it is production ready.",
    "It isn't a prototype; it is production ready.",
    "Managed SaaS is open to all teams.",
    "We provide a managed service for every team.",
    "The Gateway is certified for regulated teams.",
    "Our SOC 2 certification covers every deployment.",
    "It scales without limit.",
    "It handles any number of users.",
    "The platform is enterprise-ready.",
    "Version 2 is generally available.",
    "With this release we reached GA.",
    "Multi-tenancy works out of the box.",
    "The Gateway is fully multi-tenant and fully hosted.",
    "\"Production ready\" is what we are.",
    "Although it was never audited, it is certified.",
    "The old version was not production ready. Version 2 is production ready.",
    "It is never down and production ready.",
    "You will find it ready for production.",
    "It is battle-tested at any scale.",
    "> Customers say: it is production ready.",
    "The following are true:\n\n- production ready\n- certified",
    "| Tier | Status |\n| --- | --- |\n| General availability | reached |",
    "## Production ready\n\nText.",
    "> It is production ready.",
    "**Production**-*ready* today.",
    "It is production\nready.",
    "<div>It is production ready.</div>",
    "![production ready](x.png)",
    "---\ndescription: The production ready gateway\n---\n\nText.",
    "It’s production‑ready.",
    "Text not about it.\n\nIt is production ready.",
    "```\nWe are production ready\n```",
    "We do not sell it. We give it away, production ready, to all.",
    "Nothing is missing: it is production ready.",
    "Not a beta any more, it is generally available.",
    "It is certified, and not only for banks.",
    "Ready for production.",
    "Production readiness: achieved",
    "Never before has it been so production ready.",
    "It is now certified and production ready.",
    "Nobody should doubt that it is production ready.",
    "It is production ready, not just a beta.",
    "Not a prototype: production ready.",
    "If you need scale, it is production ready.",
    "Whether you run one node or many, it is production ready.",
    "We are proud to announce general availability.",
    "The product is ready for production and no further evidence is needed.",
    "You need not worry: it is production ready.",
    "It's GA!",
    "The tests never failed; it is production ready.",
    "It is production ready and does not need tuning.",
    "It does not need tuning because it is production ready.",
    "The platform is multi-tenant and scales to millions of users.",
    "Why wait? It is production ready.",
};

const std::vector<std::string> boundaries = {
    "The product is not production ready.",
    "It isn't production-ready yet.",
    "We never claimed general availability.",
    "General availability requires private evidence.",
    "This does not claim managed public SaaS, GA, or enterprise-scale readiness.",
    "Private hosted beta, public hosted beta, general availability, and enterprise-scale readiness are not claimed "
    "from public templates alone.",
    "Do not use public templates to claim general availability.",
    "Production readiness is blocked until the restore drill passes.",
    "Once the private evidence passes, it is production ready.",
    "It is production ready only after the soak gate passes.",
    "Is it production ready?",
    "The hosted tier is not available.",
    "A managed service is out of scope.",
    "Neither certification nor general availability is claimed.",
    "Nothing here says that the product is production ready.",
    "Never write \"production ready\" in release notes.",
    "The phrase \"enterprise-grade\" must not be used.",
    "The following are not claimed. Production readiness, certification, general availability.",
    "Use these gates before treating a deployment as ready for general availability.",
    "The goal is a production-ready Gateway.",
    "Certification is planned for next year.",
    "It would be wrong to call it production ready.",
    "It is far from production ready.",
    "Multi-tenant isolation is unproven.",
    "It does not scale without limit.",
    "The Gateway is not multi-tenant, and it is not certified.",
    "Production readiness may be claimed when all fifteen items are accepted.",
    "The tier lacks certification.",
    "Not only is it not certified, it is not production ready either.",
    "Hosted tiers require private evidence. General availability follows later.",
    "## Not claimed\n\n- production readiness\n- general availability\n- SaaS for everybody",
    "The following are not claimed:\n\n- production ready\n  - certified for banks\n- multi-tenant",
    "| Tier | Status |\n| --- | --- |\n| General availability | not claimed |",
    "| Feature | Not offered |\n| --- | --- |\n| Cloud | managed SaaS for all |",
    "## What is not claimed: production readiness\n\nText.",
    "<!-- It is production ready. -->",
    "[production ready](https://x.y) is not what it is.",
    "No hosted tier is available.",
    "We make no claim of production readiness, certification, or general availability.",
    "The notes must not say \"certified\" or \"generally available\".",
    "Not ready for production.",
    "Production readiness: not claimed",
    "Production readiness — blocked",
    "Claims of production readiness are premature.",
    "It isn't GA.",
    "Not GA yet.",
    "No GA claim is made here.",
    "GA, certification and multi-tenancy are not claimed.",
    "We can't say that it is production ready.",
    "We do not say that it is certified.",
    "The text \"production ready\" is forbidden.",
    "Production readiness will be decided after the audit.",
    "General availability: not before the burn-in evidence is complete.",
    "It is neither production ready nor certified.",
    "Public SaaS is not offered.",
    "This is no claim of production readiness.",
    "Do not call it production ready.",
    "Claims of general availability need evidence.",
    "The hosted service is not yet available.",
};

bool fires(const rules::Pack& pack, const std::string& text, const AcceptedTier* accepted = nullptr) {
  const auto document = page(text + "\n");
  const auto findings = check(pack, {document, accepted, nullptr, {}});
  REQUIRE(findings.ok());
  return !findings->empty();
}

}  // namespace

TEST_CASE("claims: overclaims are found") {
  const rules::Pack pack = built_in_pack("claims");
  CHECK(overclaims.size() >= 30);
  for (const std::string& text : overclaims) {
    INFO(text);
    CHECK(fires(pack, text));
  }
}

TEST_CASE("claims: honest boundaries are left alone") {
  const rules::Pack pack = built_in_pack("claims");
  CHECK(boundaries.size() >= 30);
  for (const std::string& text : boundaries) {
    INFO(text);
    CHECK_FALSE(fires(pack, text));
  }
}

TEST_CASE("claims: what the accepted tier allows may be said") {
  const rules::Pack pack = built_in_pack("claims");
  const std::vector<std::vector<std::string>> ladder = {{"local-self-host-beta"},
                                                        {"private-hosted-beta", "private-beta"},
                                                        {"public-beta"},
                                                        {"general-availability"},
                                                        {"enterprise-ready", "enterprise-scale"}};
  const auto accepted = [&](const std::string& name, std::optional<std::size_t> rung) {
    return AcceptedTier{name, ladder, rung};
  };
  const AcceptedTier local = accepted("local-self-host-beta", 0);
  const AcceptedTier hosted = accepted("private-beta", 1);
  const AcceptedTier general = accepted("general-availability", 3);
  const AcceptedTier unknown = accepted("platinum", std::nullopt);
  CHECK(fires(pack, "The hosted tier is now available.", &local));
  CHECK_FALSE(fires(pack, "The hosted tier is now available.", &hosted));
  CHECK(fires(pack, "It is production ready.", &hosted));
  CHECK_FALSE(fires(pack, "It is production ready.", &general));
  CHECK(fires(pack, "It is enterprise-ready.", &general));
  CHECK(fires(pack, "The hosted tier is now available.", &unknown));
}

TEST_CASE("claims: the place is that of the words") {
  const rules::Pack pack = built_in_pack("claims");
  const auto document = page("Text.\n\n- one\n- it is **production\n  ready** now\n");
  const AcceptedTier accepted{"local", {{"local"}}, 0};
  const auto findings = check(pack, {document, &accepted, nullptr, {}});
  REQUIRE(findings.ok());
  REQUIRE(findings->size() == 1);
  CHECK((*findings)[0].span == base::Span{{4, 11}, {5, 8}});
  CHECK((*findings)[0].message ==
        "the text claims production readiness: \"production ready\"; the accepted tier is \"local\"");
}

TEST_CASE("claims: strings that the matrix publishes") {
  const rules::Pack pack = built_in_pack("claims");
  const auto tiers = document::JsonDocument::parse(
      "tiers.json", R"({"acceptedTier": "local", "ladder": [{"claim": "local", "matrixTier": "local"}],
    "matrix": {"acceptedTier": "/accepted", "claims": ["/claim", "/tiers/*/claims/*"]}})");
  const auto matrix = document::JsonDocument::parse(
      "matrix.json", R"({"accepted": "local", "claim": "It is not hosted. This does not claim GA.",
    "tiers": {"local": {"claims": ["it runs", "it is production ready"]}, "notClaimed": ["production readiness"]}, "other": "production ready"})");
  const rules::Documents documents = {{"tiers", {tiers->root()}}, {"evidence-matrix", {matrix->root()}}};
  const auto findings = check_json_claims(pack, matrix->root(), documents);
  REQUIRE(findings.ok());
  REQUIRE(findings->size() == 1);
  CHECK((*findings)[0].json_pointer == "/tiers/local/claims/1");
  CHECK((*findings)[0].span == base::Span{{2, 54}, {2, 70}});
  CHECK((*findings)[0].message.find("the accepted tier is \"local\"") != std::string::npos);
}

// tests/bench/bench_wording.py measures that it costs time in proportion.
TEST_CASE("claims: a page of nothing but claims") {
  const rules::Pack pack = built_in_pack("claims");
  std::string text;
  for (int i = 0; i < 3000; ++i) text += "it is production ready and ";
  CHECK(fires(pack, text));
}

TEST_CASE("the parts of a pattern match what the whole does") {
  // Words of the patterns, so that they meet; few enough that most texts hold several.
  const std::vector<std::string> words = {"a", "ab", "abc", "b", "no", "not",      "only",   "but", " ",
                                          " ", " ",  ",",   ";", "\n", "not only", "until ", "é"};
  const std::vector<std::string> parts = {
      "ab?", "\\bno(?:t only)?\\b", "(?:not|until) \\w+", "b+c?", "\\bbut\\b", "^a", "[^,;]*;", "x*", "é", "no"};
  const auto source = std::make_shared<const base::SourceText>("p", "");
  rules::Pattern::Options options;
  options.ignore_case = true;
  std::mt19937 random(7);  // NOLINT: the same texts each time
  std::size_t matches = 0;
  for (int round = 0; round < 3000; ++round) {
    std::vector<rules::Pattern> chosen;
    std::string joined;
    for (std::size_t i = 0, count = 1 + random() % 4; i < count; ++i) {
      const std::string& one = parts[random() % parts.size()];
      chosen.emplace_back(one, source, 0, options);
      joined += (joined.empty() ? "(?:" : "|(?:") + one + ')';
    }
    std::string text;
    for (std::size_t i = 0, count = random() % 12; i < count; ++i) text += words[random() % words.size()];
    const rules::Pattern whole(joined, source, 0, options);
    const rules::Pattern any = rules::Pattern::any_of(chosen, source, 0, options);
    CAPTURE(joined, text);
    REQUIRE(any.text() == joined);
    const auto ranges = [](const std::vector<markdown::Range>& list) {
      std::vector<std::pair<std::uint32_t, std::uint32_t>> out;
      for (const markdown::Range& one : list) out.emplace_back(one.begin, one.end);
      return out;
    };
    const auto found = ranges(all_matches(&any, text));
    REQUIRE(found == ranges(all_matches(&whole, text)));
    matches += found.size();
  }
  CHECK(matches > 2000);
}

TEST_CASE("a pattern that has seen much text is asked as a whole") {
  const auto source = std::make_shared<const base::SourceText>("p", "");
  const rules::Pattern any = rules::Pattern::any_of({{"one", source, 0, {}}, {"two", source, 0, {}}}, source, 0, {});
  CHECK(any.prefers_parts("short"));
  CHECK_FALSE(any.prefers_parts(std::string(1000000, 'x')));
  CHECK_FALSE(any.prefers_parts("short"));
  CHECK(all_matches(&any, "two one").size() == 2);
  CHECK_FALSE(rules::Pattern("one", source, 0, {}).prefers_parts("short"));
}
