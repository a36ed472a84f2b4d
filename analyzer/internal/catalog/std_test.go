package catalog

import (
	"go/types"
	"testing"
)

// TestBorrowers tells functions that only look at their arguments from those that may keep or free them.
func TestBorrowers(t *testing.T) {
	for _, test := range []struct {
		path, typ, method string
		want              bool
	}{
		{"fmt", "", "Println", true},
		{"fmt", "", "Errorf", true},
		{"log", "", "Printf", true},
		{"log", "Logger", "Fatalf", true},
		{"log/slog", "", "Info", true},
		{"log/slog", "Logger", "With", true},
		{"errors", "", "Is", true},
		{"encoding/json", "", "Marshal", true},
		{"encoding/json", "", "Unmarshal", false},
		{"reflect", "", "TypeOf", true},
		{"reflect", "", "ValueOf", false},
		{"testing", "T", "Logf", true},
		{"testing", "TB", "Errorf", true},
		{"testing", "T", "Cleanup", false},
		{"testing", "T", "Run", false},
		{"context", "", "WithValue", false},
		{"runtime", "", "KeepAlive", true},
		{"runtime", "", "SetFinalizer", false},
		{"database/sql", "DB", "Query", false},
	} {
		if got := IsBorrower(method(t, test.path, test.typ, test.method)); got != test.want {
			t.Errorf("%s.%s.%s: %t", test.path, test.typ, test.method, got)
		}
	}
	if IsBorrower(nil) {
		t.Error("nil is a borrower")
	}
	app := checkProgram(t, "package app\nfunc Each(run ...func()) {}\nfunc Log(v ...any) {}")
	for name, want := range map[string]bool{"Each": true, "Log": false} {
		if got := runsArgument(app.Scope().Lookup(name).(*types.Func).Signature()); got != want {
			t.Errorf("%s runs its arguments: %t", name, got)
		}
	}
}

// TestContexts sorts the functions that return a context by who ends it.
func TestContexts(t *testing.T) {
	for _, test := range []struct{ path, typ, method, want string }{
		{"context", "", "WithCancel", "derive"},
		{"context", "", "WithCancelCause", "derive"},
		{"context", "", "WithTimeout", "derive"},
		{"context", "", "WithTimeoutCause", "derive"},
		{"context", "", "WithDeadline", "derive"},
		{"context", "", "WithDeadlineCause", "derive"},
		{"os/signal", "", "NotifyContext", "derive"},
		{"context", "", "WithValue", "pass"},
		{"context", "", "Background", "never"},
		{"context", "", "TODO", "never"},
		{"context", "", "WithoutCancel", "never"},
		{"net/http", "Request", "Context", "request"},
		{"testing", "T", "Context", "request"},
		{"testing", "TB", "Context", "request"},
		{"context", "", "Cause", ""},
		{"net/http", "Request", "WithContext", ""},
	} {
		fn := method(t, test.path, test.typ, test.method)
		got := ""
		for word, ok := range map[string]bool{
			"derive": ContextDerive(fn), "pass": ContextPass(fn), "never": ContextNever(fn), "request": RequestContext(fn),
		} {
			if ok {
				got += word
			}
		}
		if got != test.want {
			t.Errorf("%s.%s.%s: %q, want %q", test.path, test.typ, test.method, got, test.want)
		}
	}
	if ContextDerive(nil) || ContextPass(nil) || ContextNever(nil) || RequestContext(nil) {
		t.Error("nil returns a context")
	}
}

// TestStandardNames finds names in the tables that the standard library does not have.
func TestStandardNames(t *testing.T) {
	pkgs := lookup(t)
	check := func(name string) {
		path, recv, fn, err := splitFunc(name)
		if err != nil {
			t.Error(err)
			return
		}
		if pkg := pkgs(path); pkg != nil {
			if _, err := findFunc(pkg, &Row{Path: path, Recv: recv, Func: fn}); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	for name := range borrowers {
		check(name)
	}
	for name := range contexts {
		check(name)
	}
}
