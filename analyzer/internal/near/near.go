// Package near finds the name that somebody meant.
package near

import (
	"fmt"
	"strings"
)

// Unknown says that there is no such name, and which known name is meant, if one is near. What it is a name of may be left out.
func Unknown(what, name string, known []string) string {
	text := fmt.Sprintf("unknown %s%q", strings.TrimLeft(what+" ", " "), name)
	if nearest := Name(name, known); nearest != "" {
		return fmt.Sprintf("%s (did you mean %q?)", text, nearest)
	}
	return fmt.Sprintf("%s (known: %s)", text, strings.Join(known, ", "))
}

// Meant is " (did you mean …?)", or empty if no known name is near.
func Meant(name string, known []string) string {
	if nearest := Name(name, known); nearest != "" {
		return fmt.Sprintf(" (did you mean %q?)", nearest)
	}
	return ""
}

// Name returns the known name that is nearest, the first of several, or "" if more than half of the name would have to change.
func Name(name string, known []string) string {
	nearest, best := "", len(name)/2+1
	for _, k := range known {
		if d := distance(name, k); d < best {
			nearest, best = k, d
		}
	}
	return nearest
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
