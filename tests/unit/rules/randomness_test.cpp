#include "lib/rules/randomness.hpp"

#include <catch2/catch.hpp>
#include <random>
#include <string>

#include "lib/rules/name_words.hpp"

using namespace launchgate::rules;

namespace {

std::string drawn(std::mt19937& source, const std::string& alphabet, std::size_t length) {
  std::string value;
  for (std::size_t i = 0; i < length; ++i) value += alphabet[source() % alphabet.size()];
  return value;
}

const std::string lower = "abcdefghijklmnopqrstuvwxyz";
const std::string upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const std::string digits = "0123456789";

}  // namespace

TEST_CASE("random values are likelier random than text") {
  std::mt19937 source(7);
  const std::string alphabets[] = {"0123456789abcdef",
                                   "0123456789ABCDEF",
                                   upper + digits,
                                   lower + digits,
                                   lower + upper,
                                   lower,
                                   lower + upper + digits + "+/",
                                   lower + upper + digits + "$:(#@%!"};
  for (const std::string& alphabet : alphabets) {
    for (const std::size_t length : {16U, 32U, 64U}) {
      INFO(alphabet << " " << length);
      int found = 0;
      for (int i = 0; i < 200; ++i) found += randomness(drawn(source, alphabet, length)) > 0 ? 1 : 0;
      CHECK(found >= 195);
    }
  }
  CHECK(randomness("7f3c9a1e-52d8-4b60-9c1f-a8e3d07b6c24") > 0);
}

TEST_CASE("what is written is likelier text than random") {
  for (const char* text :
       {"correct-horse-battery", "getAccessTokenSilently", "npm_package_config_token", "generate-with-openssl-rand",
        "server1.prod-eu2.internal", "2.0.0-beta.3", "2026-11-30T21:15:00Z", "MyPassword1", "Zugriffstoken",
        "API-Schl\xc3\xbcssel", "process.env.API_KEY", "spring.datasource.password", "us-east-1a",
        "OAuth2TokenProvider", "/run/secrets/db_password", "the quick brown fox", "AUTH_TOKEN_HEADER_NAME",
        "====================", "****"}) {
    INFO(text);
    CHECK(randomness(text) < 0);
  }
  CHECK(randomness("") < 0);
}

TEST_CASE("a name is split into words") {
  using Words = std::vector<std::string>;
  CHECK(name_words("DB_PASSWORD_2") == Words{"db", "password"});
  CHECK(name_words("dbPassword") == Words{"db", "password"});
  CHECK(name_words("AWSSecretKey") == Words{"aws", "secret", "key"});
  CHECK(name_words("spring.mail-token") == Words{"spring", "mail", "token"});
  CHECK(name_words("42").empty());
}

TEST_CASE("words say whether a name is that of a secret") {
  Names names;
  names.any = {"pat"};
  names.endings = {"password"};
  names.beside = {"key"};
  names.unless = {"cache"};
  names.none = {"page", "public"};
  CHECK(names.say_secret("githubPat"));
  CHECK(names.say_secret("PGPASSWORD"));
  CHECK(names.say_secret("vendor_key"));
  CHECK_FALSE(names.say_secret("key"));
  CHECK_FALSE(names.say_secret("cache_key"));
  CHECK_FALSE(names.say_secret("compat"));
  CHECK_FALSE(names.say_secret("public_key"));
  CHECK_FALSE(names.say_secret("vendor_key", "public"));
  CHECK(names.say_secret("vendor_key", "cache"));
  CHECK(names.say_secret("key", "vendor"));
  CHECK_FALSE(names.say_secret("key", "cache"));
  CHECK_FALSE(names.say_secret("page-pat"));
}
