#include "lib/measure/histogram.hpp"

#include <algorithm>
#include <cmath>
#include <random>

using launchgate::measure::FineHistogram;
using launchgate::measure::Histogram;

namespace {

double exact_percentile(std::vector<std::int64_t> values, double percent) {
  std::sort(values.begin(), values.end());
  const auto rank =
      static_cast<std::size_t>(std::max(1.0, std::ceil(percent / 100 * static_cast<double>(values.size()) - 1e-9)));
  return static_cast<double>(values[rank - 1]) / 1000.0;
}

}  // namespace

TEST_CASE("percentiles keep three significant digits over the whole range") {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> exponent(0, std::log10(3.6e9));
  std::vector<std::int64_t> values;
  Histogram histogram;
  for (int i = 0; i < 50'000; ++i) {
    const auto us = static_cast<std::int64_t>(std::pow(10, exponent(random)));
    values.push_back(us);
    histogram.record_us(us);
  }
  for (const double percent : {0.1, 1.0, 25.0, 50.0, 90.0, 95.0, 99.0, 99.9, 100.0}) {
    const double exact = exact_percentile(values, percent);
    CHECK(histogram.percentile_ms(percent) == Approx(exact).epsilon(0.001).margin(0.0005));
  }
  CHECK(histogram.count() == 50'000);
}

TEST_CASE("merging equals recording together, and the sparse form brings everything back") {
  std::mt19937_64 random(11);
  Histogram one, two, all, back;
  for (int i = 0; i < 5'000; ++i) {
    const auto us = static_cast<std::int64_t>(random() % 5'000'000);
    (i % 3 == 0 ? one : two).record_us(us);
    all.record_us(us);
  }
  for (const Histogram* part : {&one, &two}) {
    REQUIRE(back.add_sparse(part->sparse(), part->least_us(), part->most_us(), part->total_us()));
  }
  one.merge(two);
  CHECK(one.sparse() == all.sparse());
  CHECK(back.sparse() == all.sparse());
  CHECK(back.max_ms() == all.max_ms());
  CHECK(back.mean_ms() == Approx(all.mean_ms()));
  CHECK(back.percentile_ms(99) == all.percentile_ms(99));
}

TEST_CASE("the ends of the range") {
  Histogram histogram;
  CHECK(histogram.percentile_ms(50) == 0);
  histogram.record_us(-5);
  histogram.record_us(Histogram::max_us * 2);
  CHECK(histogram.min_ms() == 0);
  CHECK(histogram.max_ms() == 3'600'000);
  CHECK(histogram.percentile_ms(100) == 3'600'000);
  histogram.clear();
  CHECK(histogram.empty());
}

TEST_CASE("what is no histogram is refused and changes nothing") {
  Histogram histogram;
  CHECK_FALSE(histogram.add_sparse({1}, 0, 1, 1));                     // half a pair
  CHECK_FALSE(histogram.add_sparse({1, 0}, 0, 1, 1));                  // an empty bucket
  CHECK_FALSE(histogram.add_sparse({999'999, 1}, 0, 1, 1));            // no such bucket
  CHECK_FALSE(histogram.add_sparse({5, 1, 0, 1}, 0, 1, 1));            // a bucket twice
  CHECK_FALSE(histogram.add_sparse({1, 1}, 2, 1, 1));                  // smallest above largest
  CHECK_FALSE(histogram.add_sparse({1, ~std::uint64_t{0}}, 0, 1, 1));  // more than can be
  CHECK_FALSE(histogram.add_sparse({1, 1}, 0, 1, std::nan("")));
  CHECK(histogram.empty());
  CHECK(histogram.sparse().empty());
}

TEST_CASE("a fine histogram is exact below 4,096 microseconds and true to half a thousandth above") {
  std::mt19937_64 random(3);
  std::lognormal_distribution<double> latency(std::log(30'000), 1.5);
  FineHistogram histogram;
  std::vector<std::int64_t> values;
  for (int i = 0; i < 50'000; ++i) {
    values.push_back(static_cast<std::int64_t>(latency(random)));
    histogram.record_us(values.back());
  }
  for (const double percent : {1.0, 50.0, 95.0, 99.0, 99.9}) {
    const double exact = exact_percentile(values, percent);
    CHECK(std::fabs(histogram.percentile_ms(percent) - exact) <= 0.0005 * exact + 0.0005);
  }
  CHECK(histogram.count() == 50'000);
  CHECK(histogram.most_us() == *std::max_element(values.begin(), values.end()));
  CHECK(histogram.least_us() == *std::min_element(values.begin(), values.end()));
}

TEST_CASE("a fine histogram at its edges") {
  FineHistogram histogram;
  CHECK(histogram.percentile_ms(50) == 0);
  for (const std::int64_t value :
       {std::int64_t{-5}, std::int64_t{0}, std::int64_t{4095}, std::int64_t{4096}, std::int64_t{1} << 60}) {
    histogram.record_us(value);
  }
  CHECK(histogram.percentile_ms(0) == 0);
  CHECK(histogram.percentile_ms(60) == 4.095);
  CHECK(histogram.percentile_ms(80) == Approx(4.0965).margin(0.001));
  CHECK(histogram.percentile_ms(100) <= static_cast<double>(std::int64_t{1} << 60));
}
