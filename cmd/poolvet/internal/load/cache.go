package load

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/packages"
)

// warmEnough is a number of build cache entries that no program's packages alone come near.
const warmEnough = 6000

// coldCache reports whether the build cache has too few entries to have the export data of the requested packages and their
// imports. To ask for it nevertheless means to compile them all, which costs many times what type-checking them does.
func coldCache(r Request) bool {
	entries := cacheEntries()
	if entries >= warmEnough {
		return false // most runs; it saves the query
	}
	cfg := &packages.Config{Mode: packages.NeedName | packages.NeedImports | packages.NeedDeps, Tests: r.Tests, BuildFlags: r.BuildFlags}
	roots, err := packages.Load(cfg, r.Patterns...)
	if err != nil {
		return false // the real query will say what is wrong
	}
	n := 0
	packages.Visit(roots, nil, func(*packages.Package) { n++ })
	// The go command alone leaves one or two entries for each package, and compiling it two more.
	return entries < 3*n
}

// cacheEntries counts the entries of the build cache, up to warmEnough. A cache it cannot see counts as warm.
func cacheEntries() int {
	if os.Getenv("GOCACHEPROG") != "" {
		return warmEnough
	}
	dir := os.Getenv("GOCACHE")
	if dir == "" {
		out, err := exec.Command("go", "env", "GOCACHE").Output()
		if err != nil {
			return warmEnough
		}
		dir = strings.TrimSpace(string(out))
	}
	shards, err := os.ReadDir(dir)
	if err != nil {
		return 0 // not made yet
	}
	n := 0
	for _, shard := range shards {
		if len(shard.Name()) != len("ff") {
			continue // not a shard
		}
		n += countActions(filepath.Join(dir, shard.Name()))
		if n >= warmEnough {
			break
		}
	}
	return n
}

// countActions counts the files of a cache shard that stand for a result.
func countActions(dir string) int {
	files, err := os.ReadDir(dir)
	if err != nil {
		return 0
	}
	n := 0
	for _, file := range files {
		if strings.HasSuffix(file.Name(), "-a") {
			n++
		}
	}
	return n
}
