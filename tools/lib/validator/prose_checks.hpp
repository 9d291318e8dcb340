#pragma once

#include "lib/suite/check.hpp"

// Rules about words, as document checks. They stand in a file each, so that a tool without Markdown links no parser of it.
namespace launchgate::validator {

// Applies the packs of a Markdown document.
suite::DocumentCheck markdown_check();
// Applies the claim rules of a JSON document's packs to the texts that the tier ladder names.
suite::DocumentCheck claims_check();

}  // namespace launchgate::validator
