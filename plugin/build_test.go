package plugin_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// builder is the folder of the module that builds golangci-lint with the plugin.
func builder(t *testing.T) string { return filepath.Join(checkout(t), ".ci", "golangci") }

// program makes a program with one finding below dir, and the configuration of the docs.
func program(t *testing.T, dir string) {
	t.Helper()
	write(t, dir, map[string]string{
		"lint.yml":   example(t, "docs", `version: "2"\n`),
		"app/go.mod": "module example.com/app\n\ngo 1.26\n",
		"app/app.go": `package app

import "database/sql"

func First(db *sql.DB) bool {
	rows, err := db.Query("select 1")
	return err == nil && rows.Next()
}
`,
	})
}

// execute runs a program in dir and returns what it prints on standard output.
func execute(t *testing.T, dir string, env []string, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(append(os.Environ(), "GOWORK=off"), env...)
	cmd.Stderr = new(strings.Builder)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s%s", name, args, err, out, cmd.Stderr)
	}
	return strings.TrimSpace(string(out))
}

// changed registers the plugin again, with other messages.
const changed = `package plugin

import (
	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"
)

func init() {
	register.Plugin("poolvet", func(settings any) (register.LinterPlugin, error) {
		l, err := New(settings)
		if err != nil {
			return nil, err
		}
		rules, err := l.BuildAnalyzers()
		for _, rule := range rules {
			run := rule.Run
			rule.Run = func(pass *analysis.Pass) (any, error) {
				other := *pass
				other.Report = func(d analysis.Diagnostic) {
					d.Message = "rebuilt: " + d.Message
					pass.Report(d)
				}
				return run(&other)
			}
		}
		return l, err
	})
}
`

// TestRebuilt rebuilds golangci-lint with a changed plugin: what the former one has left in the cache does not count.
func TestRebuilt(t *testing.T) {
	if testing.Short() {
		t.Skip("builds golangci-lint")
	}
	binary, dir := golangci(t), t.TempDir()
	program(t, dir)
	// Of the files of a package, plugin.go and its init come before rebuilt.go.
	write(t, dir, map[string]string{
		"changed.txt":  changed,
		"overlay.json": fmt.Sprintf(`{"Replace": {%q: %q}}`, filepath.Join(checkout(t), "plugin", "rebuilt.go"), filepath.Join(dir, "changed.txt")),
	})
	rebuilt := filepath.Join(dir, "rebuilt")
	execute(t, builder(t), nil, "go", "build", "-overlay="+filepath.Join(dir, "overlay.json"), "-o", rebuilt, ".")
	for _, run := range []struct{ binary, want string }{
		{binary, "lostrelease: rows is not closed on all paths: "},
		{rebuilt, "lostrelease: rebuilt: rows is not closed on all paths: "},
		{binary, "lostrelease: rows is not closed on all paths: "},
	} {
		lint(t, run.binary, dir, run.want)
	}
}

// lint runs a golangci-lint on the program below dir and wants a message.
func lint(t *testing.T, binary, dir, want string) {
	t.Helper()
	cmd := exec.Command(binary, "run", "--config="+filepath.Join(dir, "lint.yml"), "--enable-only=poolvet", "./...")
	cmd.Dir = filepath.Join(dir, "app")
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOLANGCI_LINT_CACHE="+filepath.Join(dir, "cache"))
	out, _ := cmd.CombinedOutput() // it fails, as there is a finding
	if !strings.Contains(string(out), "app.go:6:15: "+want) {
		t.Errorf("%s: %s\nwant %s", filepath.Base(binary), out, want)
	}
}

// TestCustom builds golangci-lint by .custom-gcl.yml as the README and the docs show it, but with this checkout for the plugin, and
// with what the module proxy has of golangci-lint for the repository that golangci-lint custom clones.
func TestCustom(t *testing.T) {
	if testing.Short() {
		t.Skip("builds golangci-lint")
	}
	binary, dir := golangci(t), t.TempDir()
	program(t, dir)
	custom := example(t, "docs", `version: v2`)
	if readme := example(t, "readme", `version: v2`); readme != custom {
		t.Errorf("README.md has another .custom-gcl.yml than docs/integrations.md:\n%s\n%s", readme, custom)
	}
	const release = "    version: latest\n"
	if !strings.Contains(custom, release) {
		t.Fatalf("the version of the plugin is not shown as %q", release)
	}
	custom = strings.Replace(custom, release, fmt.Sprintf("    path: %q\n", checkout(t)), 1)
	write(t, dir, map[string]string{".custom-gcl.yml": custom, "gitconfig": ""})

	const lintModule = "github.com/golangci/golangci-lint/v2"
	version := execute(t, builder(t), nil, "go", "list", "-m", "-f={{.Version}}", lintModule)
	source := execute(t, builder(t), nil, "go", "list", "-m", "-f={{.Dir}}", lintModule)
	if !strings.HasPrefix(custom, "version: "+version+"\n") {
		t.Errorf("the docs build another golangci-lint than %s of .ci/golangci:\n%s", version, custom)
	}
	repository := filepath.Join(dir, "golangci-lint.git")
	git := func(args ...string) {
		all := append([]string{"--git-dir=" + repository, "--work-tree=" + source, "-c", "user.name=test", "-c", "user.email=test@example.com"}, args...)
		execute(t, dir, []string{"GIT_CONFIG_GLOBAL=" + filepath.Join(dir, "gitconfig")}, "git", all...)
	}
	git("init", "--quiet")
	git("add", "--force", "--all")
	git("commit", "--quiet", "--message", version)
	git("tag", version)
	execute(t, dir, []string{
		"GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=url." + repository + ".insteadOf",
		"GIT_CONFIG_VALUE_0=https://github.com/golangci/golangci-lint.git",
	}, binary, "custom")
	lint(t, filepath.Join(dir, "custom-gcl"), dir, "lostrelease: rows is not closed on all paths: ")
}

// write makes files below dir.
func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, content := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}
