#include "launchgate/check_verb.hpp"

#include "leaks/document_check.hpp"
#include "lib/validator/prose_checks.hpp"
#include "matrix/matrix_tool.hpp"
#include "profiles/profiles_tool.hpp"

namespace launchgate::suite_tool {

suite::Validator whole_suite() {
  suite::Validator all;
  for (const suite::Validator& one : {profiles::validator(), matrix::validator()}) {
    all.checks.insert(all.checks.end(), one.checks.begin(), one.checks.end());
  }
  all.document_checks.push_back(leaks::document_check());
  all.document_checks.push_back(validator::markdown_check());
  all.document_checks.push_back(validator::claims_check());
  return all;
}

}  // namespace launchgate::suite_tool
