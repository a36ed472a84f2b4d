package diag

import (
	"fmt"
	"strings"
)

// Unknown says that there is no such name, and which known name is meant, if one is near.
func Unknown(what, name string, known []string) string {
	text := fmt.Sprintf("unknown %s %q", what, name)
	nearest, best := "", len(name)/2+1
	for _, k := range known {
		if d := distance(name, k); d < best {
			nearest, best = k, d
		}
	}
	if nearest != "" {
		return fmt.Sprintf("%s (did you mean %q?)", text, nearest)
	}
	return fmt.Sprintf("%s (known: %s)", text, strings.Join(known, ", "))
}

// distance is the number of bytes to insert, delete or replace between a and b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
