"""Publishing: from the files on a disk to the pairs of quiz and catalogue that everybody serves."""
