#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace launchgate::rules {

class Fields;

// The words of a name in lower case: `DB_PASSWORD_2`, `dbPassword`, `db.password`, `DBPassword` are db and password.
// Digits end a word and are none.
std::vector<std::string> name_words(std::string_view name);

// Which names say that their value is a secret, by their words. Data of a rule.
struct Names {
  std::vector<std::string> any;      // one of them must be a word of the name
  std::vector<std::string> endings;  // or the end of one: `pgpassword`
  std::vector<std::string> beside;   // or a word beside another: `key` is none, `vendor_key` is
  std::vector<std::string> unless;   // with which such a word means something else: `cache_key`
  std::vector<std::string> none;     // and none of them may be: `next_page_token`

  // `before`: the word before the name, as in "public key" and "vendor key"; it says nothing of a secret itself.
  bool say_secret(std::string_view name, std::string_view before = {}) const;
  bool empty() const { return any.empty() && endings.empty() && beside.empty() && none.empty(); }
};

// The member "names" of a rule.
Names load_names(Fields& fields);

}  // namespace launchgate::rules
