package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDecodeErrors states the message for each way in which a file can be wrong.
func TestDecodeErrors(t *testing.T) {
	for _, test := range []struct{ name, content, want string }{
		{"unknown key", "allow: []\nmax-conn: 3\n", `f:2: unknown key "max-conn" (did you mean "max-conns"?)`},
		{"unknown key, none near", "a: 1\n", `f:1: unknown key "a" (known: allow, catalog, max-conns, max-parallel, rules, strict, tests)`},
		{"unknown rule", "rules:\n  holdwait: true\n  lostreleas: false\n", `f:3: unknown rule "lostreleas" (did you mean "lostrelease"?)`},
		{"unknown rule option", "rules:\n  slowhold: {row: true}\n", `f:2: unknown key "row" (did you mean "rows"?)`},
		{"option of another rule", "rules:\n  holdwait:\n    rows: true\n", `f:3: rules.holdwait.rows: is an option of slowhold only`},
		{"rule is a number", "rules: {holdwait: 3}\n", `f:1: rules.holdwait: must be true, false, or the options of the rule`},
		{"rules is a list", "rules: [holdwait]\n", `f:1: rules: must be a map, is ["holdwait"]`},
		{"number is a string", "tests: true\nmax-conns: many\n", `f:2: max-conns: must be a whole number, is "many"`},
		{"number is a fraction", "max-conns: 1.5\n", `f:1: max-conns: must be a whole number, is 1.5`},
		{"number is too small", "max-parallel: 0\n", `f:1: max-parallel: must be at least 1, is 0`},
		{"bool is a string", "strict: sure\n", `f:1: strict: must be true or false, is "sure"`},
		{"list is a string", "allow: main\n", `f:1: allow: must be a list, is "main"`},
		{"pattern is a directory", "allow:\n  - main\n  - ./db\n", `f:3: allow.1: "./db" is a directory; write the import path`},
		{"unknown key of a row", "catalog:\n  - func: x.F\n    kid: acquire\n", `f:3: catalog.0: unknown key "kid" (did you mean "kind"?)`},
		{"unknown kind", "catalog:\n  - func: x.G\n    kind: slow\n  - func: x.F\n    kind: acqire\n", `f:5: catalog.1.kind: unknown "acqire" (did you mean "acquire"?)`},
		{"unknown resource", "catalog:\n  - {func: x.F, kind: consume,\n    resource: \"row[]\"}\n", `f:3: catalog.0.resource: unknown "row[]" (did you mean "rows"?)`},
		{"unknown cost", "catalog:\n- func: x.F\n  kind: neutral\n  holds: slots\n", `f:4: catalog.0.holds: unknown "slots" (did you mean "slot"?)`},
		{"unknown outcome", "catalog:\n- func: (*x/y.T).F\n  kind: release\n  resource: rows\n  freed: [F=no]\n",
			`f:5: catalog.0.freed: unknown "F=no": a method, or one with its outcome (Close, Next=false, Scan=err)`},
		{"no kind", "catalog:\n- func: x.F\n", `f:2: catalog.0.kind: missing: one of neutral, construct, acquire, release, consume, start, join, slow`},
		{"key of another kind", "catalog:\n- func: x.F\n  kind: slow\n  each: true\n", `f:4: catalog.0.each: only start has one`},
		{"wrong type in a row", "catalog:\n- func: x.F\n  kind: start\n  arg: first\n", `f:4: catalog.0.arg: must be a whole number, is "first"`},
		{"two rows", "catalog:\n- {func: x.F, kind: slow}\n- {func: x.F, kind: slow}\n", `f:3: catalog.1.func: has two rows`},
		{"no receiver", "catalog:\n- {func: (*T).F, kind: slow}\n", `f:2: catalog.0.func: malformed "(*T).F": the receiver needs its package path; ` +
			`write "(*example.com/app/db.Store).Rows" or "example.com/app/db.Open"`},
		{"row is a string", "catalog: [x.F]\n", `f:1: catalog.0: must be a map, is "x.F"`},
		{"number is empty", "max-conns:\n", `f:1: max-conns: must be a whole number, is empty`},
		{"bool is empty", "strict:\n", `f:1: strict: must be true or false, is empty`},
		{"option of another rule, not set", "rules: {holdwait: {rows: false}}\n", `f:1: rules.holdwait.rows: is an option of slowhold only`},
		{"not UTF-8", "tests: true\nallow: [\"caf\xe9\"]\n", `f:2: not UTF-8; save the file in that encoding`},
		{"UTF-16", "\xff\xfet\x00", `f:1: not UTF-8; save the file in that encoding`},
		{"control character", "allow: [\"\x01\"]\n", `f: control characters are not allowed`},
		{"tab", "rules:\n\tfanout: true\n", `f:2: found character that cannot start any token`},
		{"Windows line ends", "\ufeffstrict: true\r\ntest: true\r\n", `f:2: unknown key "test" (did you mean "tests"?)`},
		{"infinity", "max-conns: .inf\n", `f:1: a number is not finite`},
		{"file is a list", "- rules\n", `f:1: must be a map, is ["rules"]`},
		{"key twice", "strict: true\nstrict: false\n", `f:2: mapping key "strict" already defined at line 1`},
		{"no YAML", "rules: {\n", `f:1: did not find expected node content`},
		{"two documents", "strict: true\n---\nstrict: false\n", `f:2: a second document; write all settings in one`},
		{"second document is no YAML", "strict: true\n---\n{\n", `f:3: did not find expected node content`},
		{"key is no string", "tests: true\n1: 2\n", `f:2: a key is not a string`},
		{"key is a list", "tests: true\nrules:\n  [a]: true\n", `f:3: a key is not a string`},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := decode("f", []byte(test.content))
			if err == nil || err.Error() != test.want {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
		})
	}
}

// TestDecode reads the example of the design and files that say nothing.
func TestDecode(t *testing.T) {
	file, err := decode("f", []byte(`
allow: ["example.com/app/internal/db"]
max-conns: 15
max-parallel: 4
strict: false
tests: true
rules: {nodeadline: true, slowhold: {rows: true}, poollimit: false}
catalog: []
`))
	if err != nil {
		t.Fatal(err)
	}
	if o := file.Options; !o.Tests || *o.MaxConns != 15 || !o.Rules["slowhold"].Rows || !o.Rules["slowhold"].On || o.Rules["poollimit"].On {
		t.Errorf("got %+v", file.Options)
	}
	for _, content := range []string{"", "# rules:\n", "rules:\n", "---\n"} {
		if file, err := decode("f", []byte(content)); err != nil || file.Options.Rules != nil {
			t.Errorf("%q: got %+v, %v", content, file.Options, err)
		}
	}
}

// write makes files below a new folder and returns the folder.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		put(t, filepath.Join(dir, filepath.FromSlash(name)), content)
	}
	return dir
}

func put(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
		t.Fatal(err)
	}
}

// TestLoad finds the file from every folder of its module, and none of another module's.
func TestLoad(t *testing.T) {
	t.Setenv(Env, "")
	dir := write(t, map[string]string{
		"go.mod": "module m\n", Name: "strict: true\n", "a/b/x.go": "",
		"other/go.mod": "module other\n", "other/x.go": "",
	})
	for sub, want := range map[string]bool{"": true, "a/b": true, "other": false} {
		o, err := Load(filepath.Join(dir, sub))
		if err != nil || o.Strict != want {
			t.Errorf("%s: got %+v, %v", sub, o, err)
		}
	}
}

// TestWorkspace falls back on the file beside go.work, the one that the command finds there.
func TestWorkspace(t *testing.T) {
	t.Setenv(Env, "")
	t.Setenv("GOWORK", "")
	dir := write(t, map[string]string{
		"go.work": "go 1.26\nuse ./m\nuse ./n\n", Name: "strict: true\n", "ci.yml": "tests: true\n",
		"m/go.mod": "module m\n", "m/a/x.go": "",
		"n/go.mod": "module n\n", "n/" + Name: "tests: true\n",
	})
	in := func(sub string) string { return filepath.Join(dir, filepath.FromSlash(sub)) }
	for sub, strict := range map[string]bool{"": true, "m": true, "m/a": true, "n": false} {
		if o, err := Load(in(sub)); err != nil || o.Strict != strict {
			t.Errorf("%s: got %+v, %v", sub, o, err)
		}
	}
	if err := CheckNested(in("m"), [][2]string{{in("m/a"), in("m")}}); err != nil {
		t.Errorf("got %v", err)
	}
	err := CheckNested(dir, [][2]string{{in("n"), in("n")}})
	if err == nil || err.Error() != "n/.poolvet.yml: only .poolvet.yml counts here; move the settings there" {
		t.Errorf("got %v", err)
	}

	before := hash(t, in("n")) // where another file holds
	put(t, in(Name), "max-conns: 7\n")
	if hash(t, in("n")) == before {
		t.Error("a setting of the workspace does not change the hash")
	}
	t.Setenv(Env, "ci.yml")
	if o, err := Load(in("m/a")); err != nil || !o.Tests {
		t.Errorf("%s: got %+v, %v", Env, o, err)
	}
	t.Setenv(Env, "")
	t.Setenv("GOWORK", "off")
	if o, err := Load(in("m")); err != nil || o.Strict || o.Tests {
		t.Errorf("GOWORK=off: got %+v, %v", o, err)
	}
}

// TestEnv prefers the file that the environment names, which must exist.
func TestEnv(t *testing.T) {
	dir := write(t, map[string]string{"go.mod": "module m\n", Name: "strict: true\n", "ci/p.yml": "tests: true\n", "a/x.go": ""})
	for _, name := range []string{"ci/p.yml", filepath.Join(dir, "ci", "p.yml")} {
		t.Setenv(Env, name)
		if o, err := Load(filepath.Join(dir, "a")); err != nil || o.Strict || !o.Tests {
			t.Errorf("%s: got %+v, %v", name, o, err)
		}
	}
	t.Setenv(Env, "ci/q.yml")
	if _, err := Load(dir); err == nil || !strings.Contains(err.Error(), "does not exist") {
		t.Errorf("got %v", err)
	}
}

// TestNested refuses a file that nobody would read.
func TestNested(t *testing.T) {
	t.Setenv(Env, "")
	dir := write(t, map[string]string{"go.mod": "module m\n", Name: "", "a/" + Name: "", "a/b/x.go": "", "c/x.go": ""})
	if err := CheckNested(dir, [][2]string{{filepath.Join(dir, "c"), dir}}); err != nil {
		t.Errorf("got %v", err)
	}
	err := CheckNested(dir, [][2]string{{filepath.Join(dir, "a", "b"), dir}})
	if err == nil || err.Error() != "a/.poolvet.yml: only .poolvet.yml counts here; move the settings there" {
		t.Errorf("got %v", err)
	}
}

// TestHash changes with the settings, not with a comment, and with those of every module in the workspace.
func TestHash(t *testing.T) {
	t.Setenv(Env, "")
	t.Setenv("GOWORK", "")
	dir := write(t, map[string]string{
		"go.work": "go 1.26\nuse ./m\nuse ./n\n", "m/go.mod": "module m\n", "n/go.mod": "module n\n",
	})
	m := filepath.Join(dir, "m")
	none := hash(t, m)
	put(t, filepath.Join(m, Name), "# nothing\n")
	if comment := hash(t, m); comment != none {
		t.Error("a comment changes the hash")
	}
	put(t, filepath.Join(m, Name), "strict: true\n")
	strict := hash(t, m)
	if strict == none {
		t.Error("a setting does not change the hash")
	}
	put(t, filepath.Join(dir, "n", Name), "strict: true\n")
	if hash(t, m) == strict {
		t.Error("a setting of another module in the workspace does not change the hash")
	}
}

func hash(t *testing.T, dir string) string {
	t.Helper()
	h, err := Hash(dir)
	if err != nil {
		t.Fatal(err)
	}
	return h
}
