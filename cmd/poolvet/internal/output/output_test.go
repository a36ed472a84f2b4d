package output

import "testing"

// TestRelative shortens what lies below the directory only.
func TestRelative(t *testing.T) {
	for pos, want := range map[string]string{"/dir/a/b.go:1:2": "a/b.go:1:2", "/dirt/b.go:1:2": "/dirt/b.go:1:2", "": ""} {
		if got := Relative("/dir", pos); got != want {
			t.Errorf("%s: got %s, want %s", pos, got, want)
		}
	}
}
