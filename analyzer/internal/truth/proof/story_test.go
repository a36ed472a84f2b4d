package proof_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/poolvet/poolvet/analyzer/internal/pgtest"
)

// TestStory runs nine scripts with pools of their own, and the same scripts with the pool of the one package that builds it, and
// compares how many connections they take with what the README says. On a server with default settings the first form fails.
func TestStory(t *testing.T) {
	servers := []*pgtest.Server{start(t, 130), start(t, 100)} // before the builds, as the test may be skipped
	forms := []struct{ form, limit string }{{"before", "11"}, {"after", "2"}}
	folders := make(map[string]string)
	for _, f := range forms {
		folders[f.form] = build(t, "./story/"+f.form+"/...")
	}
	story := filepath.Join(build(t, "./story"), "story")

	var measured strings.Builder
	for _, server := range servers {
		for _, f := range forms {
			out := run(t, server, story, f.form, f.limit, folders[f.form])
			t.Log(out)
			measured.WriteString(out)
		}
	}
	compare(t, testdata+"/story/measured.txt", measured.String())
}
