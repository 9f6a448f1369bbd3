/* gongfu: reads nothing itself. Hands the command line the one door it must not know, and returns its exit code. */
#include "api/gf_api.h"
#include "cli/gf_cli.h"

int main(int argc, char **argv)
{
    static const gf_cli_doors DOORS = { .serve = gf_api_serve };
    return gf_cli_main(argc, argv, &DOORS);
}
