#include "lib/validator/checks.hpp"

namespace launchgate::validator {

suite::Validator whole_suite() {
  suite::Validator all;
  all.checks = {tier_check(), keys_check("target-profiles"), keys_check("evidence-matrix"),
                keys_check("evidence-record")};
  all.document_checks = {claims_check(), markdown_check(), leaks_check()};
  all.suite_checks = {references_check()};
  return all;
}

}  // namespace launchgate::validator
