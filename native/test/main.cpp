// The test runner of native/: doctest's own main. Every other file here is a set of cases.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
