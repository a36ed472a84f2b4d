package write

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestReplace makes a file, replaces it by its name and by a link to it, and keeps its permissions.
func TestReplace(t *testing.T) {
	dir := t.TempDir()
	name, link := filepath.Join(dir, "a"), filepath.Join(dir, "link")
	if err := os.Symlink("a", link); err != nil {
		t.Skip(err)
	}
	if err := Replace(name, []byte("one")); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(name, 0o640); err != nil {
		t.Fatal(err)
	}
	for _, by := range []string{name, link} {
		if err := Replace(by, []byte(by)); err != nil {
			t.Fatal(err)
		}
		if content, err := os.ReadFile(name); err != nil || string(content) != by {
			t.Errorf("written by %s: %q, %v", by, content, err)
		}
	}
	if info, err := os.Lstat(name); err != nil || info.Mode() != 0o640 {
		t.Errorf("%v, %v", info, err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is %v, %v", info, err)
	}
}

// TestRefused leaves alone what must not be written, and names the file that was asked for.
func TestRefused(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "a")
	if err := os.WriteFile(name, []byte("old"), 0o400); err != nil {
		t.Fatal(err)
	}
	if err := Replace(name, []byte("new")); err == nil || err.Error() != "cannot write "+name+": it is read-only" {
		t.Errorf("read-only: %v", err)
	}
	if content, err := os.ReadFile(name); err != nil || string(content) != "old" {
		t.Errorf("%q, %v", content, err)
	}
	nowhere := filepath.Join(dir, "no", "b")
	if err := Replace(nowhere, nil); err == nil || !strings.HasPrefix(err.Error(), "cannot write "+nowhere+": ") || strings.Count(err.Error(), dir) > 1 {
		t.Errorf("no folder: %v", err)
	}
	link := filepath.Join(dir, "link")
	if err := os.Symlink("nothing", link); err != nil {
		t.Skip(err)
	}
	if err := Replace(link, nil); err == nil {
		t.Error("a link that leads nowhere is replaced")
	}
}

// TestCreate makes a file only where there is none.
func TestCreate(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "a")
	if err := Create(name, []byte("one")); err != nil {
		t.Fatal(err)
	}
	if err := Create(name, []byte("two")); !errors.Is(err, fs.ErrExist) {
		t.Errorf("the file is there: %v", err)
	}
	if content, err := os.ReadFile(name); err != nil || string(content) != "one" {
		t.Errorf("%q, %v", content, err)
	}
	nowhere := filepath.Join(dir, "no", "b")
	if err := Create(nowhere, nil); err == nil || !strings.HasPrefix(err.Error(), "cannot write "+nowhere+": ") || strings.Count(err.Error(), dir) > 1 {
		t.Errorf("no folder: %v", err)
	}
	if all, err := os.ReadDir(dir); err != nil || len(all) != 1 {
		t.Errorf("what is left: %v, %v", all, err)
	}
}
