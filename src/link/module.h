/* link/module.h - find and load a shared library that the program is not linked with. Inside the room only. */
#pragma once
#include "base/gf_base.h"

/* Try `folder`/`name` when a folder is given; else beside the program, one folder above it (the test programs stand in one of
 * their own), where it was installed, and, with `system`, where the machine keeps its libraries. *found tells a library
 * that is not there from one that does not load. NULL with `why` (200 bytes) filled. */
void *module_load(const char *folder, const char *name, bool system, bool *found, char why[200]);
