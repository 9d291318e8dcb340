#pragma once

namespace launchgate::rules {

// What each lower-case letter costs in half bits, as a letter from 'a' (nothing) on, when it follows two others in the
// words of programs and prose. 26 letters in a row; rows: at the start of a word, then after one letter that starts it
// (26), then after two (26 x 26).
extern const char letter_costs[];

}  // namespace launchgate::rules
