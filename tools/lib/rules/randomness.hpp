#pragma once

#include <string_view>

// Tells values that a machine drew at random from what people and programs write: names, words, versions, paths, dates,
// sentences.
namespace launchgate::rules {

// By how many bits the value is likelier drawn at random from the alphabet that it shows than written: words in the
// spelling of programs (letters by a model of three in a row, capitals where words begin, numbers in one piece, common
// separators). Above 0 is random rather than text; text of twelve characters stays below -10 as a rule, and a random
// value of twelve is above 0 in 99 cases of 100 (letters, hexadecimal, letters with digits). `value` is UTF-8 or bytes;
// other letters than ASCII count as neither. A value that is mostly punctuation, or mostly in another script, is no
// random value: it yields the least number.
double randomness(std::string_view value);

}  // namespace launchgate::rules
