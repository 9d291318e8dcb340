#pragma once

#include "lib/suite/check.hpp"

// The checks that several tools run. They stand in a file each, so that a tool without Markdown, say, links no parser
// of it.
namespace launchgate::validator {

// Exactly one tier of the evidence matrix has the ladder's accepted status, and it is the one that the matrix and the
// ladder name as accepted; the tiers are those of the ladder. All names come from the tier ladder.
suite::KindCheck tier_check();

// Everything that refers is resolved: the ladder against the matrix, the record template, the target profiles and the
// catalogue, and these against each other, wherever one of them is the product's own. What is built in was compared by
// the packs that are built in.
suite::SuiteCheck references_check();

// Nothing that looks like a key, in documents of a kind that are data (the tier ladder says what does).
suite::KindCheck keys_check(std::string kind);

// Applies the packs of a Markdown document.
suite::DocumentCheck markdown_check();

// Applies the claim rules of a JSON document's packs to the texts that the tier ladder names.
suite::DocumentCheck claims_check();

// Private values in the configured documents: the configuration's packs, and for documents marked public-safe the
// stricter ones too. What the configuration allows at a path and JSON pointer is left out.
suite::DocumentCheck leaks_check();

// Everything that the tools check, of every configured document.
suite::Validator whole_suite();

}  // namespace launchgate::validator
