// Measures one library: reads commands, one a line, from standard input and answers on standard output.
//
//   build METRIC DIMENSION M EF_CONSTRUCTION THREADS   then two lines: the file of rows, the file of queries
//     -> built CPU_NANOS WALL_NANOS BYTES
//   pass K EF
//     -> pass CPU_NANOS, a line of each query's wall nanoseconds, and for each query a line of ordinals
//
// It greets with "engine VERSION", ends with its input, and answers "error MESSAGE" to what it cannot do. The files are
// little-endian float32 without a header. Whatever else a library prints goes to standard error.

#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <exception>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine.hpp"

namespace {

std::int64_t nanos(clockid_t clock) {
    timespec time{};
    clock_gettime(clock, &time);
    return time.tv_sec * 1'000'000'000LL + time.tv_nsec;
}

std::vector<float> read_floats(const std::string& path) {
    std::ifstream in(path, std::ios::binary | std::ios::ate);
    if (!in) {
        throw std::runtime_error("cannot read " + path);
    }
    std::vector<float> values(static_cast<std::size_t>(in.tellg()) / sizeof(float));
    in.seekg(0);
    in.read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(values.size() * sizeof(float)));
    if (!in) {
        throw std::runtime_error("cut short: " + path);
    }
    return values;
}

void scale_to_one(std::vector<float>& values, std::size_t dimension) {
    for (std::size_t row = 0; row < values.size(); row += dimension) {
        double squares = 0;
        for (std::size_t i = 0; i < dimension; i++) {
            squares += static_cast<double>(values[row + i]) * values[row + i];
        }
        const auto factor = static_cast<float>(squares > 0 ? 1 / std::sqrt(squares) : 0);
        for (std::size_t i = 0; i < dimension; i++) {
            values[row + i] *= factor;
        }
    }
}

class Session {
public:
    Session(std::string variant, FILE* out) : variant_(std::move(variant)), out_(out) {}

    void run(std::istream& in) {
        std::fprintf(out_, "engine %s\n", library_version().c_str());
        std::fflush(out_);
        for (std::string line; std::getline(in, line);) {
            std::istringstream words(line);
            std::string command;
            words >> command;
            if (command == "build") {
                build(words, in);
            } else if (command == "pass") {
                pass(words);
            } else {
                throw std::runtime_error("unknown command: " + line);
            }
            std::fflush(out_);
        }
    }

private:
    void build(std::istream& words, std::istream& in) {
        std::string metric;
        std::string rows_file;
        std::string queries_file;
        BuildOptions options{};
        words >> metric >> options.dimension >> options.m >> options.ef_construction >> options.threads;
        if (!words || !std::getline(in, rows_file) || !std::getline(in, queries_file) || options.dimension == 0) {
            throw std::runtime_error("build lacks an argument");
        }
        rows_ = read_floats(rows_file);
        queries_ = read_floats(queries_file);
        dimension_ = options.dimension;
        options.count = rows_.size() / dimension_;
        options.metric = metric == "l2" ? Metric::l2 : Metric::inner_product;
        if (metric == "cosine") {
            scale_to_one(rows_, dimension_);
            scale_to_one(queries_, dimension_);
        }
        engine_ = make_engine(variant_);
        const std::int64_t cpu = nanos(CLOCK_PROCESS_CPUTIME_ID);
        const std::int64_t wall = nanos(CLOCK_MONOTONIC);
        engine_->build(rows_.data(), options);
        std::fprintf(
            out_,
            "built %lld %lld %zu\n",
            static_cast<long long>(nanos(CLOCK_PROCESS_CPUTIME_ID) - cpu),
            static_cast<long long>(nanos(CLOCK_MONOTONIC) - wall),
            engine_->bytes());
    }

    void pass(std::istream& words) {
        std::size_t k = 0;
        int ef = 0;
        words >> k >> ef;
        if (!words || k == 0 || engine_ == nullptr) {
            throw std::runtime_error("pass lacks an argument or an index");
        }
        const std::size_t count = queries_.size() / dimension_;
        std::vector<std::uint32_t> ordinals(count * k);
        std::vector<std::size_t> found(count);
        std::vector<std::int64_t> took(count);
        engine_->set_ef(ef);
        const std::int64_t cpu = nanos(CLOCK_THREAD_CPUTIME_ID);
        for (std::size_t q = 0; q < count; q++) {
            const std::int64_t before = nanos(CLOCK_MONOTONIC);
            found[q] = engine_->search(&queries_[q * dimension_], k, &ordinals[q * k]);
            took[q] = nanos(CLOCK_MONOTONIC) - before;
        }
        std::fprintf(out_, "pass %lld\n", static_cast<long long>(nanos(CLOCK_THREAD_CPUTIME_ID) - cpu));
        for (std::size_t q = 0; q < count; q++) {
            std::fprintf(out_, q == 0 ? "%lld" : " %lld", static_cast<long long>(took[q]));
        }
        std::fputc('\n', out_);
        for (std::size_t q = 0; q < count; q++) {
            for (std::size_t i = 0; i < found[q]; i++) {
                std::fprintf(out_, i == 0 ? "%u" : " %u", ordinals[q * k + i]);
            }
            std::fputc('\n', out_);
        }
    }

    std::string variant_;
    FILE* out_;
    std::vector<float> rows_;
    std::vector<float> queries_;
    std::size_t dimension_ = 0;
    std::unique_ptr<Engine> engine_;
};

}  // namespace

int main(int argc, char** argv) {
    FILE* out = fdopen(dup(STDOUT_FILENO), "w");
    dup2(STDERR_FILENO, STDOUT_FILENO);
    try {
        Session(argc > 1 ? argv[1] : "", out).run(std::cin);
        return 0;
    } catch (const std::exception& e) {
        std::fprintf(out, "error %s\n", e.what());
        std::fflush(out);
        return 1;
    }
}
