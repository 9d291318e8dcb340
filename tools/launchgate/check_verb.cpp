#include "launchgate/check_verb.hpp"

#include "matrix/matrix_tool.hpp"
#include "profiles/profiles_tool.hpp"

namespace launchgate::suite_tool {

suite::Validator whole_suite() {
  suite::Validator all;
  for (const suite::Validator& one : {profiles::validator(), matrix::validator()}) {
    all.checks.insert(all.checks.end(), one.checks.begin(), one.checks.end());
  }
  return all;
}

}  // namespace launchgate::suite_tool
