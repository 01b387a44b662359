#!/usr/bin/env bash
# Builds the driver of one C++ peer of the dense index, or of codes, or tells in one line what is missing and exits with 2.
#
#   benchmarks/native/build.sh hnswlib-cpp|faiss|faiss-opq|symphonyqg      prints the driver's path last
#
# hnswlib-cpp  Debian's libhnswlib-dev, or the checkout that HNSWLIB_INCLUDE names (the directory that holds hnswlib/)
# faiss, faiss-opq  Debian's libfaiss-dev, or the headers in FAISS_INCLUDE with the libraries in FAISS_LIB
# symphonyqg   the headers in SYMPHONYQG_INCLUDE (the directory that holds qg/)
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
engine=${1:-}
out=$root/build/native
driver=$out/$engine

missing() {
  echo "$engine cannot be measured: $1" >&2
  exit 2
}

version_of() { # version_of DIRECTORY PACKAGE: the checkout's tag or commit, or the package's version
  if [ -n "$1" ]; then
    git -C "$1" describe --tags --always 2>/dev/null || echo "in $1"
  else
    # shellcheck disable=SC2016
    dpkg-query -W -f '${Version}' "$2" 2>/dev/null || echo "of unknown version"
  fi
}

compiler=${CXX:-g++}
flags=(-std=c++17 -O3 -march=native -DNDEBUG -pthread "-I$here")
libraries=()
case $engine in
  hnswlib-cpp)
    include=${HNSWLIB_INCLUDE:-}
    [ -f "${include:-/usr/include}/hnswlib/hnswlib.h" ] ||
      missing "no hnswlib/hnswlib.h in ${include:-/usr/include}; apt-get install libhnswlib-dev, or set HNSWLIB_INCLUDE"
    version=$(version_of "$include" libhnswlib-dev)
    ;;
  faiss | faiss-opq)
    include=${FAISS_INCLUDE:-}
    [ -f "${include:-/usr/include}/faiss/IndexHNSW.h" ] ||
      missing "no faiss/IndexHNSW.h in ${include:-/usr/include}; apt-get install libfaiss-dev, or set FAISS_INCLUDE and FAISS_LIB"
    version=${include:+" in $include"}
    version=${version:-", Debian's $(version_of '' libfaiss-dev)"}
    flags+=(-fopenmp)
    [ -n "${FAISS_LIB:-}" ] && libraries+=("-L$FAISS_LIB" "-Wl,-rpath,$FAISS_LIB")
    libraries+=(-lfaiss -llapack -lblas)
    ;;
  symphonyqg)
    include=${SYMPHONYQG_INCLUDE:-}
    [ -n "$include" ] && [ -f "$include/qg/qg.hpp" ] ||
      missing "set SYMPHONYQG_INCLUDE to the directory of its headers, the one that holds qg/"
    version=$(version_of "$include" '')
    # Its own build's flags.
    flags+=(-Ofast -fopenmp -DEIGEN_DONT_PARALLELIZE)
    ;;
  *)
    echo "usage: build.sh hnswlib-cpp|faiss|faiss-opq|symphonyqg" >&2
    exit 2
    ;;
esac
command -v "$compiler" >/dev/null || missing "no $compiler; apt-get install g++"
[ -n "$include" ] && flags+=("-isystem" "$include")
flags+=("-DLIBRARY_VERSION=\"$version\"")

# Built anew when a source, the library or a flag is another than last time.
recipe=$(printf '%s\n' "$compiler" "${flags[@]}" ${libraries[@]+"${libraries[@]}"})
if [ ! -x "$driver" ] || [ "$recipe" != "$(cat "$driver.recipe" 2>/dev/null)" ] ||
  [ -n "$(find "$here" -newer "$driver" -name '*.?pp' -print -quit)" ]; then
  mkdir -p "$out"
  sources=("$here/driver.cpp" "$here/$engine.cpp")
  [ "$engine" = faiss-opq ] && sources=("$here/faiss-opq.cpp") # searches nothing, so it has a main of its own
  if ! "$compiler" "${flags[@]}" "${sources[@]}" -o "$driver" \
    ${libraries[@]+"${libraries[@]}"} >"$driver.log" 2>&1; then
    missing "$(grep -m 1 -E 'error|undefined|cannot find' "$driver.log" || echo 'the compiler failed'); the whole log is in $driver.log"
  fi
  printf '%s\n' "$recipe" >"$driver.recipe"
fi
echo "$driver"
