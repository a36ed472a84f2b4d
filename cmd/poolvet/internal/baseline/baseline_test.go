package baseline

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/poolvet/poolvet/cmd/poolvet/internal/finding"
)

// found makes a finding of the rule lostrelease.
func found(function, fingerprint string) finding.Finding {
	return finding.Finding{
		Rule: &analysis.Analyzer{Name: "lostrelease"}, Function: function, Fingerprint: fingerprint,
		Diagnostic: analysis.Diagnostic{Message: "rows is not closed: on no path"},
	}
}

func everywhere(Entry) bool { return true }

// TestLife writes a baseline, adds a finding, mends another, and writes it again.
func TestLife(t *testing.T) {
	file := filepath.Join(t.TempDir(), Name)
	b, err := Read(file)
	if err != nil {
		t.Fatal(err)
	}
	old := []finding.Finding{found("p.G", "2"), found("p.F", "1"), found("p.F", "1:2")}
	if err := b.Update(old, everywhere).Write(file); err != nil {
		t.Fatal(err)
	}
	if b, err = Read(file); err != nil || len(b.Findings) != 3 || b.Findings[0].Function != "p.F" {
		t.Fatalf("read %+v, %v", b, err)
	}
	b.Findings[0].Reason = "next year"

	now := []finding.Finding{found("p.F", "1"), found("p.G", "2"), found("p.H", "1"), found("p.F", "3")}
	now[1].Silenced = &finding.Silenced{InSource: true, Reason: "a comment says more"}
	b.Silence(now)
	for i, want := range []string{"next year", "a comment says more"} {
		if now[i].Silenced == nil || now[i].Silenced.Reason != want {
			t.Errorf("finding %d: %+v, want the reason %q", i, now[i].Silenced, want)
		}
	}
	if now[2].Silenced != nil || now[3].Silenced != nil {
		t.Error("a new finding is silenced")
	}
	stale := b.Stale(now, everywhere)
	if len(stale) != 2 || stale[0].Fingerprint != "1:2" || stale[1].Function != "p.G" {
		t.Errorf("stale: %+v", stale)
	}
	if updated := b.Update(now, everywhere); len(updated.Findings) != 3 || updated.Findings[0].Reason != "next year" {
		t.Errorf("updated: %+v", updated)
	}
	if kept := b.Update(now[2:], func(e Entry) bool { return e.In([]string{"other", "p"}) && e.Function != "p.G" }); len(kept.Findings) != 3 {
		t.Errorf("an entry that was not looked for is lost: %+v", kept)
	}
}

// TestIn tells the package of an entry by its function.
func TestIn(t *testing.T) {
	for function, want := range map[string]bool{
		"example.com/a.F": true, "example.com/a.(*T).F": true, "example.com/a": true, "example.com/a/b.F": false, "example.com/ab.F": false,
		"gopkg.in/y.v3.F": true, "example.com/a.v2/b.F": false,
	} {
		e := Entry{Function: function}
		if got := e.In([]string{"example.com/a", "gopkg.in/y.v3"}); got != want {
			t.Errorf("%s: %v", function, got)
		}
	}
}

// TestRead refuses what it does not understand, and says where.
func TestRead(t *testing.T) {
	for content, want := range map[string]string{
		"version: 2\n":                          "version 2 is not known",
		"version: 1\nfinding: []\n":             `:2: unknown key "finding" (did you mean "findings"?); restore`,
		"version: 1\nfindings: 3\n":             ":2: is not what belongs here; restore",
		"version: one\n":                        ":1: is not what belongs here; restore",
		"version: 1\n---\nversion: 1\n":         ": a second document",
		"version: 1\nfindings:\n  - {rule: x":   ": did not find expected",
		"version: 1\n<<<<<<< HEAD\nfindings:\n": ":2: a merge conflict; keep",
		"":                                      ": is empty; restore",
	} {
		file := filepath.Join(t.TempDir(), Name)
		if err := os.WriteFile(file, []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
		_, err := Read(file)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), Name+":") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: got %v, want %q in one line", content, err, want)
		}
	}
}

// TestWrite says the same of the same findings, whatever their order.
func TestWrite(t *testing.T) {
	findings := []finding.Finding{found("p.G", "2"), found("p.F", "1"), found("p.F", "0")}
	var contents []string
	for range 5 {
		file := filepath.Join(t.TempDir(), Name)
		if err := new(Baseline).Update(findings, everywhere).Write(file); err != nil {
			t.Fatal(err)
		}
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		contents = append(contents, string(content))
		slices.Reverse(findings)
	}
	if len(slices.Compact(contents)) != 1 {
		t.Errorf("the file depends on the order: %q", contents)
	}
	if err := new(Baseline).Write(filepath.Join(t.TempDir(), "no", "such", Name)); err == nil {
		t.Error("no error for a folder that does not exist")
	}
}
