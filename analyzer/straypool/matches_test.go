package straypool

import "testing"

// TestMatches reads patterns as the go command does: "..." is any string, "/..." at the end also nothing.
func TestMatches(t *testing.T) {
	for _, test := range []struct {
		pattern, path string
		want          bool
	}{
		{"example.com/app/db", "example.com/app/db", true},
		{"example.com/app/db", "example.com/app/db/shard", false},
		{"example.com/app/db", "example.com/app/dbx", false},
		{"example.com/app/db", "example.com/app", false},
		{"example.com/app/db/...", "example.com/app/db", true},
		{"example.com/app/db/...", "example.com/app/db/shard", true},
		{"example.com/app/db/...", "example.com/app/db/shard/one", true},
		{"example.com/app/db/...", "example.com/app/dbx", false},
		{"example.com/app/db/...", "example.com/app", false},
		{"example.com/app/db...", "example.com/app/dbx/y", true},
		{"example.com/app/db...", "example.com/app/db", true},
		{".../db", "example.com/app/db", true},
		{".../db", "example.com/db", true},
		{".../db", "example.com/app/mydb", false},
		{".../db", "example.com/app/db/x", false},
		{"example.com/.../db", "example.com/app/internal/db", true},
		{"example.com/.../db", "example.com/app/dbs", false},
		{"example.com/.../db", "example.com/db", false},
		{"example.com/.../db/...", "example.com/app/db", true},
		{"example.com/.../db/...", "example.com/app/db/x", true},
		{"example.com/.../db/...", "example.com/app/x", false},
		{"...", "example.com/app", true},
		{"...", "", true},
		{"", "", true},
		{"", "example.com", false},
		{"example.com/a+b", "example.com/a+b", true},
		{"example.com/a.b", "example.com/axb", false}, // no regular expression
	} {
		if got := Matches(test.pattern, test.path); got != test.want {
			t.Errorf("%s, %s: %t", test.pattern, test.path, got)
		}
	}
}
