package poolvet_test

import (
	"regexp"
	"slices"
	"testing"

	"go.yaml.in/yaml/v3"
	"golang.org/x/tools/go/analysis"

	"github.com/poolvet/poolvet/analyzer"
)

// TestNogo holds the nogo target of the docs to the rules that are on by default, and puts together what the packages of all rules
// export, as nogo does.
func TestNogo(t *testing.T) {
	on, err := analyzer.New(analyzer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var want, got []string
	for _, rule := range on {
		want = append(want, rule.Name)
	}
	for _, m := range regexp.MustCompile(`"@com_github_poolvet_poolvet//analyzer/(\w+)"`).FindAllStringSubmatch(read(t, "docs/integrations.md"), -1) {
		got = append(got, m[1])
	}
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("docs/integrations.md gives nogo %v, want %v", got, want)
	}

	all := analyzer.All()
	if err := analysis.Validate(all); err != nil {
		t.Error(err)
	}
	if folders := ruleFolders(t); len(folders) != len(all) {
		t.Errorf("%d rules are put together, there are %v", len(all), folders)
	}
}

// TestExamplesAreYAML parses the YAML that the README and the docs show.
func TestExamplesAreYAML(t *testing.T) {
	n := 0
	for _, name := range []string{"README.md", "docs/integrations.md"} {
		for _, m := range regexp.MustCompile("(?ms)^( *)```yaml\n(.*?)^ *```$").FindAllStringSubmatch(read(t, name), -1) {
			n++
			var content any
			if err := yaml.Unmarshal([]byte(m[2]), &content); err != nil {
				t.Errorf("%s: %v\n%s", name, err, m[2])
			}
		}
	}
	if n == 0 {
		t.Error("no example found")
	}
}

// TestGolangciVersion holds the version of golangci-lint that the docs name to the one that is tested.
func TestGolangciVersion(t *testing.T) {
	tested := regexp.MustCompile(`golangci-lint/v2 (v\S+)`).FindStringSubmatch(read(t, ".ci/golangci/go.mod"))
	if tested == nil {
		t.Fatal("no golangci-lint in .ci/golangci/go.mod")
	}
	named := regexp.MustCompile(`(?m)(?:^ *version: |cmd/golangci-lint@)(v2\S+)`)
	for _, name := range []string{"README.md", "docs/integrations.md"} {
		versions := named.FindAllStringSubmatch(read(t, name), -1)
		if len(versions) == 0 {
			t.Errorf("%s names no version", name)
		}
		for _, m := range versions {
			if m[1] != tested[1] {
				t.Errorf("%s names golangci-lint %s; %s is tested", name, m[1], tested[1])
			}
		}
	}
}
