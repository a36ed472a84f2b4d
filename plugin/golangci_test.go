package plugin_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// golangciEnv names a golangci-lint that has the plugin.
const golangciEnv = "POOLVET_GOLANGCI_LINT"

// golangci returns the golangci-lint to test with, or skips the test.
func golangci(t *testing.T) string {
	t.Helper()
	binary := os.Getenv(golangciEnv)
	if binary == "" {
		t.Skipf("%s names no golangci-lint with the plugin; to get one: go -C .ci/golangci build -o /path/to/golangci-lint", golangciEnv)
	}
	if _, err := os.Stat(binary); err != nil || !filepath.IsAbs(binary) {
		t.Fatalf("%s=%s: %v; it must be an absolute path", golangciEnv, binary, err)
	}
	return binary
}

// checkout is the folder of this module.
func checkout(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// goEnv returns a variable of the go command.
func goEnv(t *testing.T, name string) string {
	t.Helper()
	out, err := exec.Command("go", "env", name).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

// documents is where a configuration is shown.
var documents = map[string]string{"readme": "README.md", "docs": filepath.Join("docs", "integrations.md")}

// example returns the one YAML block of a document that begins with a line like first, without the indentation of a list.
func example(t *testing.T, document, first string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", documents[document]))
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, m := range regexp.MustCompile("(?ms)^( *)```yaml\n(.*?)^ *```$").FindAllStringSubmatch(string(text), -1) {
		block := regexp.MustCompile("(?m)^"+m[1]).ReplaceAllString(m[2], "")
		if regexp.MustCompile(`\A` + first).MatchString(block) {
			found = append(found, block)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%s has %d blocks that begin with %s, want 1", documents[document], len(found), first)
	}
	return found[0]
}

// TestGolangci runs the scripts of testdata/golangci with a golangci-lint that has the plugin. Its cache is a new one.
func TestGolangci(t *testing.T) {
	binary := golangci(t)
	cache := t.TempDir()
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("..", "testdata", "golangci"),
		Setup: func(env *testscript.Env) error {
			for _, name := range []string{"GOCACHE", "GOMODCACHE"} {
				env.Setenv(name, goEnv(t, name))
			}
			for _, name := range []string{"GOFLAGS", "GOWORK", "POOLVET_CONFIG"} {
				env.Setenv(name, "")
			}
			env.Setenv("GOPROXY", "off")
			env.Setenv("GOTOOLCHAIN", "local")
			env.Setenv("GOLANGCI_LINT_CACHE", cache)
			env.Setenv("LINT", binary)
			for name := range documents {
				shown := filepath.Join(env.WorkDir, name+".yml")
				if err := os.WriteFile(shown, []byte(example(t, name, `version: "2"\n`)), 0o666); err != nil {
					return err
				}
			}
			return nil
		},
	})
}
