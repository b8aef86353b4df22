#ifndef GODWIT_CARCHIVE_SHIM_H
#define GODWIT_CARCHIVE_SHIM_H

#include <archive.h>
#include <archive_entry.h>

// The kinds of entries as plain numbers: libarchive has them as macros with casts, which Swift does not import.
static const unsigned int godwit_kind_mask = 0170000;
static const unsigned int godwit_kind_file = 0100000;
static const unsigned int godwit_kind_link = 0120000;
static const unsigned int godwit_kind_folder = 0040000;

// Writes a file system to the disk. Linux has it, but its header shows it only to those who ask for GNU extensions,
// which Swift does not.
int syncfs(int descriptor);

#endif
