package near

import "testing"

// TestUnknown suggests only what is near.
func TestUnknown(t *testing.T) {
	known := []string{"max-conns", "tests"}
	for name, want := range map[string]string{
		"maxconns": `unknown key "maxconns" (did you mean "max-conns"?)`,
		"test":     `unknown key "test" (did you mean "tests"?)`,
		"verbose":  `unknown key "verbose" (known: max-conns, tests)`,
	} {
		if got := Unknown("key", name, known); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// TestMeant is silent if nothing is near.
func TestMeant(t *testing.T) {
	known := []string{"example.com/app/db", "example.com/app/web"}
	for name, want := range map[string]string{
		"example.com/app/bd": ` (did you mean "example.com/app/db"?)`,
		"x":                  "",
		"":                   "",
	} {
		if got := Meant(name, known); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}
