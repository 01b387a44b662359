// FAISS: OPQ codes of rows, and what they lose. Reads a file of float32 rows, prints one line for each size asked for.
//
//   faiss-opq ROWS.f32 COUNT DIMENSION M[,M…]     "m mse train_seconds encode_seconds", one thread

#include <faiss/IndexPQ.h>
#include <faiss/IndexPreTransform.h>
#include <faiss/VectorTransform.h>
#include <omp.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <sstream>
#include <string>
#include <vector>

namespace {

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

void measure(const std::vector<float>& rows, std::size_t n, int d, int m) {
    // The product has to divide the dimension: where it does not, rows are turned into as many dimensions as it takes.
    const int wide = (d + m - 1) / m * m;
    faiss::OPQMatrix rotation(d, m, wide);
    faiss::IndexPQ codes(wide, m, 8);
    faiss::IndexPreTransform index(&rotation, &codes);
    double begun = cpu_seconds();
    index.train(static_cast<faiss::Index::idx_t>(n), rows.data());
    const double trained = cpu_seconds() - begun;
    std::vector<std::uint8_t> bytes(index.sa_code_size() * n);
    begun = cpu_seconds();
    index.sa_encode(static_cast<faiss::Index::idx_t>(n), rows.data(), bytes.data());
    const double encoded = cpu_seconds() - begun;
    std::vector<float> decoded(rows.size());
    index.sa_decode(static_cast<faiss::Index::idx_t>(n), bytes.data(), decoded.data());
    double error = 0;
    for (std::size_t i = 0; i < rows.size(); i++) {
        const double difference = static_cast<double>(rows[i]) - decoded[i];
        error += difference * difference;
    }
    std::printf("%d %.9g %.3f %.3f\n", m, error / static_cast<double>(n), trained, encoded);
    std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 5) {
        std::fprintf(stderr, "usage: faiss-opq ROWS.f32 COUNT DIMENSION M[,M...]\n");
        return 2;
    }
    const std::size_t n = std::strtoull(argv[2], nullptr, 10);
    const int d = std::atoi(argv[3]);
    std::vector<float> rows(n * static_cast<std::size_t>(d));
    std::FILE* file = std::fopen(argv[1], "rb");
    if (file == nullptr || std::fread(rows.data(), sizeof(float), rows.size(), file) != rows.size()) {
        std::fprintf(stderr, "cannot read %s\n", argv[1]);
        return 1;
    }
    std::fclose(file);
    omp_set_num_threads(1);
    std::stringstream sizes(argv[4]);
    for (std::string m; std::getline(sizes, m, ',');) {
        measure(rows, n, d, std::atoi(m.c_str()));
    }
    return 0;
}
