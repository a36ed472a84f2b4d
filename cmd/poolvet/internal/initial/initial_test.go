package initial

import (
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/poolvet/poolvet/analyzer"
	"github.com/poolvet/poolvet/cmd/poolvet/internal/config"
)

var update = flag.Bool("update", false, "copy the snippets from docs/integrations.md instead of comparing them")

// TestSnippets holds the snippets to the blocks of the page, which name the file they are for.
func TestSnippets(t *testing.T) {
	data, err := os.ReadFile("../../../../docs/integrations.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range snippets {
		file, _, _ := strings.Cut(s.title, ", for ")
		file, _, _ = strings.Cut(file, "; ")
		begin := "`" + file + "`:\n\n```yaml\n"
		if s.file == "vet.sh" {
			begin = "## go vet\n\n```sh\n"
		}
		_, rest, ok := strings.Cut(string(data), begin)
		block, _, closed := strings.Cut(rest, "```\n")
		if !ok || !closed {
			t.Errorf("docs/integrations.md has no block after %q", begin)
			continue
		}
		if *update {
			if err := os.WriteFile(filepath.Join("snippets", s.file), []byte(block), 0o666); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if s.text() != block {
			t.Errorf("snippets/%s is not what docs/integrations.md has; go test ./cmd/poolvet/internal/initial -update copies it", s.file)
		}
		if !strings.Contains(Snippets(), "\n"+block) {
			t.Errorf("%s is not printed", s.file)
		}
	}
}

var (
	some = Found{Places: []Place{{"example.com/app/db", 2}, {"main", 1}}, Libraries: []string{"database/sql"}}
	// settings is the lines that set something, once "#" is taken away.
	settings = regexp.MustCompile(`(?m)^#((?: {2,})?[^ #].*)$`)
)

// TestContent loads the file as it is, and with every line in use.
func TestContent(t *testing.T) {
	t.Setenv(config.Env, "")
	for _, found := range []Found{{}, some} {
		content := Content(found)
		o := load(t, content)
		if len(o.Allow) != len(found.Places) || o.Rules != nil || o.MaxConns != nil || o.Catalog != nil {
			t.Errorf("%+v is set by\n%s", o, content)
		}
		all := load(t, settings.ReplaceAllString(content, "$1"))
		if len(all.Allow) == 0 || len(all.Rules) == 0 || all.MaxConns == nil || all.MaxParallel == nil || len(all.Catalog) == 0 {
			t.Errorf("%+v is all that can be set by\n%s", all, content)
		}
		for _, key := range analyzer.Settings() {
			if !strings.Contains(content, "\n"+key.Name+":") && !strings.Contains(content, "\n#"+key.Name+":") {
				t.Errorf("%s is not shown", key.Name)
			}
		}
		if first, _, _ := strings.Cut(content, "\n"); first != "# yaml-language-server: $schema="+SchemaURL {
			t.Errorf("the first line is %s", first)
		}
	}
}

func load(t *testing.T, content string) analyzer.Options {
	t.Helper()
	dir := module(t)
	if err := os.WriteFile(filepath.Join(dir, config.Name), []byte(content), 0o666); err != nil {
		t.Fatal(err)
	}
	o, err := config.Load(dir)
	if err != nil {
		t.Fatalf("%v in\n%s", err, content)
	}
	return o
}

func module(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module example.com/app\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestSchemaURL finds the schema at the address that it says of itself.
func TestSchemaURL(t *testing.T) {
	schema, err := os.ReadFile("../../../../docs/poolvet.schema.json")
	if err != nil || !strings.Contains(string(schema), `"$id": "`+SchemaURL+`"`) {
		t.Errorf("the schema is elsewhere: %v", err)
	}
}

// TestWrite leaves the file and nothing else, and touches none that exists.
func TestWrite(t *testing.T) {
	t.Setenv(config.Env, "")
	dir := module(t)
	if err := Write(dir, some); err != nil {
		t.Fatal(err)
	}
	if content, err := os.ReadFile(filepath.Join(dir, config.Name)); err != nil || string(content) != Content(some) {
		t.Errorf("wrote %s, %v", content, err)
	}
	if err := Write(dir, Found{}); err == nil || err.Error() != ".poolvet.yml exists beside go.mod; it is not touched" {
		t.Errorf("a second time: %v", err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 2 {
		t.Errorf("the folder has %v, %v", entries, err)
	}
	if err := Write(filepath.Join(dir, "gone"), some); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder that does not exist: %v", err)
	}
	t.Setenv(config.Env, "other.yml")
	if err := Write(module(t), some); err == nil || !strings.HasPrefix(err.Error(), "POOLVET_CONFIG is set") {
		t.Errorf("another file: %v", err)
	}
}
