package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A consumer is a repository whose commits a hook manager checks.
type consumer struct {
	dir string
	env []string
}

// newConsumer makes a repository with a module that is right, and with the configuration of the hook manager, all committed.
func newConsumer(t *testing.T, files map[string]string) *consumer {
	t.Helper()
	home := t.TempDir()
	c := &consumer{dir: filepath.Join(home, "consumer")}
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "GIT_") { // of a hook that runs this test
			c.env = append(c.env, v)
		}
	}
	for _, name := range []string{"GOCACHE", "GOMODCACHE"} {
		out, err := exec.Command("go", "env", name).Output()
		if err != nil {
			t.Fatal(err)
		}
		c.env = append(c.env, name+"="+strings.TrimSpace(string(out)))
	}
	c.env = append(c.env, "HOME="+home, "PRE_COMMIT_HOME="+filepath.Join(home, "pre-commit"), "GOFLAGS=", "GOWORK=off", "POOLVET_CONFIG=",
		"GIT_CONFIG_NOSYSTEM=1", "GIT_AUTHOR_NAME=test", "GIT_AUTHOR_EMAIL=test@example.com",
		"GIT_COMMITTER_NAME=test", "GIT_COMMITTER_EMAIL=test@example.com")
	c.write(t, map[string]string{"go.mod": "module example.com/app\n\ngo 1.26\n", "db/db.go": "package db\n"})
	c.write(t, files)
	c.run(t, true, "git", "init", "--quiet")
	c.run(t, true, "git", "add", ".")
	c.run(t, true, "git", "commit", "--quiet", "--message", "first")
	return c
}

func (c *consumer) write(t *testing.T, files map[string]string) {
	t.Helper()
	for name, content := range files {
		path := filepath.Join(c.dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// run runs a program, which must succeed or fail, and returns what it prints.
func (c *consumer) run(t *testing.T, succeeds bool, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env = c.dir, c.env
	out, err := cmd.CombinedOutput()
	if _, exited := err.(*exec.ExitError); (err == nil) != succeeds || err != nil && !exited {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
	return string(out)
}

// commit commits a file, which the hooks must let pass or not, and wants a line that matches in what they print.
func (c *consumer) commit(t *testing.T, passes bool, name, content, line string) {
	t.Helper()
	c.write(t, map[string]string{name: content})
	c.run(t, true, "git", "add", ".")
	out := c.run(t, passes, "git", "commit", "--message", name)
	if !regexp.MustCompile("(?m)" + line).MatchString(out) {
		t.Errorf("commit of %s: no line %q in\n%s", name, line, out)
	}
	if !passes {
		c.run(t, true, "git", "reset", "--quiet", "--hard")
	}
}

// What is committed.
const (
	good = `package db

import "database/sql"

func Good(db *sql.DB) bool {
	rows, err := db.Query("select 1")
	if err != nil {
		return false
	}
	defer rows.Close()
	return rows.Next()
}
`
	bad = `package db

import "database/sql"

func Bad(db *sql.DB) bool {
	rows, err := db.Query("select 1")
	if err != nil {
		return false
	}
	return rows.Next()
}
`
)

// shown returns the YAML block of docs/integrations.md that begins with this line.
func shown(t *testing.T, first string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "integrations.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, block, ok := strings.Cut(string(text), "```yaml\n"+first+"\n")
	block, _, ends := strings.Cut(block, "```")
	if !ok || !ends {
		t.Fatalf("docs/integrations.md shows no YAML that begins with %s", first)
	}
	return first + "\n" + block
}

// hookRepository makes a repository of this checkout as it is now, committed or not, and returns its folder and its revision.
func hookRepository(t *testing.T, c *consumer) (dir, revision string) {
	t.Helper()
	root := filepath.Join("..", "..")
	list := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	list.Dir, list.Env = root, c.env
	out, err := list.Output()
	if err != nil {
		t.Skip("the sources are no git checkout")
	}
	repo := &consumer{dir: filepath.Join(t.TempDir(), "poolvet"), env: c.env}
	for name := range strings.SplitSeq(strings.TrimRight(string(out), "\x00"), "\x00") {
		content, err := os.ReadFile(filepath.Join(root, name))
		if os.IsNotExist(err) {
			continue // deleted, not yet committed
		}
		if err != nil {
			t.Fatal(err)
		}
		repo.write(t, map[string]string{name: string(content)})
	}
	repo.run(t, true, "git", "init", "--quiet")
	repo.run(t, true, "git", "add", "--force", ".")
	repo.run(t, true, "git", "commit", "--quiet", "--message", "working tree")
	return repo.dir, strings.TrimSpace(repo.run(t, true, "git", "rev-parse", "HEAD"))
}

// TestPreCommit runs the hooks of this checkout in pre-commit, with the configuration that the docs show.
func TestPreCommit(t *testing.T) {
	if testing.Short() {
		t.Skip("builds poolvet, compiles and vets the imports")
	}
	if _, err := exec.LookPath("pre-commit"); err != nil {
		t.Skip("pre-commit is not on PATH; to get it: apt-get install pre-commit, or pipx install pre-commit")
	}
	c := newConsumer(t, nil)
	repo, revision := hookRepository(t, c)
	config := shown(t, "repos:")
	for old, now := range map[string]string{"https://github.com/poolvet/poolvet": repo, "rev: main": "rev: " + revision} {
		if !strings.Contains(config, old) {
			t.Fatalf("no %q in\n%s", old, config)
		}
		config = strings.Replace(config, old, now, 1)
	}
	c.write(t, map[string]string{".pre-commit-config.yaml": config})
	c.run(t, true, "pre-commit", "install")

	const hook = `^poolvet \(go vet\)\.+`
	c.commit(t, true, "README.md", "# App\n", hook+`\(no files to check\)Skipped$`) // the configuration is no Go file either
	c.commit(t, true, "db/good.go", good, hook+`Passed$`)
	c.commit(t, false, "db/bad.go", bad, `^db/bad\.go:6:15: rows is not closed on all paths: `)
	c.commit(t, true, "db/more.go", "package db\n", hook+`Passed$`)

	// The other hook, and arguments: patterns, flags and another folder.
	const reported = `^db/bad\.go:6:15: rows is not closed on all paths: .*\(lostrelease\)$`
	c.write(t, map[string]string{"db/bad.go": bad, "other/other.go": "package other\n"})
	c.run(t, true, "git", "add", ".")
	for _, test := range []struct {
		hook, args string
		passes     bool
		line       string
	}{
		{"poolvet", "[]", false, reported},
		{"poolvet", "[-tests, ./db/...]", false, reported},
		{"poolvet", "[./other/...]", true, `^poolvet\.+Passed$`},
		{"poolvet", "[-C, db]", false, `^bad\.go:6:15: `},
		{"poolvet-vet", "[-lostrelease=false]", true, hook + `Passed$`},
		{"poolvet-vet", "[-holdwait, -lostrelease]", false, `^db/bad\.go:6:15: rows `},
		{"poolvet-vet", "[./other/...]", true, hook + `Passed$`},
		{"poolvet-vet", "[-C, other]", true, hook + `Passed$`},
		{"poolvet-vet", "[-C, db, .]", false, `^\./bad\.go:6:15: rows |^bad\.go:6:15: rows `},
	} {
		c.write(t, map[string]string{".pre-commit-config.yaml": strings.Replace(config, "id: poolvet-vet", "id: "+test.hook+"\n        args: "+test.args, 1)})
		out := c.run(t, test.passes, "pre-commit", "run", "--all-files")
		if !regexp.MustCompile("(?m)" + test.line).MatchString(out) {
			t.Errorf("%s with %s: no line %q in\n%s", test.hook, test.args, test.line, out)
		}
	}
}

// TestLefthook runs poolvet in lefthook, with the configuration that the docs show.
func TestLefthook(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles and vets the imports")
	}
	if _, err := exec.LookPath("lefthook"); err != nil {
		t.Skip("lefthook is not on PATH; to get it: npm install -g lefthook, or go install github.com/evilmartians/lefthook/v2@latest")
	}
	c := newConsumer(t, map[string]string{"lefthook.yml": shown(t, "pre-commit:")})
	c.run(t, true, "lefthook", "install")
	c.commit(t, true, "README.md", "# App\n", `poolvet.*\(skip\)`)
	c.commit(t, true, "db/good.go", good, `✔.* poolvet `)
	c.commit(t, false, "db/bad.go", bad, `^db/bad\.go:6:15: rows is not closed on all paths: `)
}
