#include <iostream>

#include "cli/commands/run.h"

int main(int argc, char** argv) { return antin::commands::run(argc, argv, std::cout, std::cerr); }
