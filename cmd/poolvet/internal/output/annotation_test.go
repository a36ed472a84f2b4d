package output

import (
	"encoding/xml"
	"path/filepath"
	"testing"
)

// TestGitHub writes a command for each finding.
func TestGitHub(t *testing.T) {
	p := newProgram(t, map[string]string{
		"a.go":         "package a\n\nvar a = f(\n\t1)\n\nvar b = 1\n",
		"sub/a,b:c.go": "package b\n\nvar c = 1\n",
	})
	p.found(lostrelease, "error", "a.go", "f(\n\t1)", "lost: 100 %, at L6\r\n", "a.go", "b = 1")
	p.found(lostrelease, "warning", "a.go", "var b", "not L60", "a.go", "a = f")
	p.found(lostrelease, "error", "a.go", "b = 1", "twice", "a.go", "var b")
	p.found(holdwait, "advice", "sub/a,b:c.go", "c = 1", "waits (a.go:6)", "a.go", "b = 1")
	want := `::error file=a.go,line=3,endLine=4,title=poolvet%3A lostrelease::lost: 100 %25, at L6%0D%0A
::warning file=a.go,line=6,endLine=6,col=1,endColumn=6,title=poolvet%3A lostrelease::not L60%0Alost here: a.go:3
::error file=a.go,line=6,endLine=6,col=5,endColumn=10,title=poolvet%3A lostrelease::twice
::notice file=sub/a%2Cb%3Ac.go,line=3,endLine=3,col=5,endColumn=10,title=poolvet%3A holdwait::waits (a.go:6)%0Alost here: a.go:6
`
	expect(t, p.write("github"), want)

	p.report.Root, p.report.Dir = p.report.Dir, filepath.Join(p.report.Dir, "sub")
	expect(t, p.write("github"), want) // an annotation is relative to the repository
}

// TestCheckstyle groups the findings by file, and escapes what XML cannot hold.
func TestCheckstyle(t *testing.T) {
	p := newProgram(t, map[string]string{"a.go": "package a\n", "b&.go": "package b\n"})
	p.found(lostrelease, "error", "a.go", "package", `"<&>" is lost`, "", "")
	p.found(holdwait, "advice", "a.go", "a", "waits\nlong", "", "")
	p.found(holdwait, "warning", "b&.go", "b", "größer", "", "")
	got := p.write("checkstyle")
	want := `<?xml version="1.0" encoding="UTF-8"?>
<checkstyle version="4.3">
  <file name="a.go">
    <error line="1" column="1" severity="error" message="&#34;&lt;&amp;&gt;&#34; is lost" source="poolvet.lostrelease"></error>
    <error line="1" column="2" severity="info" message="waits&#xA;long" source="poolvet.holdwait"></error>
  </file>
  <file name="b&amp;.go">
    <error line="1" column="9" severity="warning" message="größer" source="poolvet.holdwait"></error>
  </file>
</checkstyle>
`
	expect(t, got, want)
	var parsed checkstyleReport
	if err := xml.Unmarshal([]byte(got), &parsed); err != nil || parsed.Files[0].Errors[0].Message != `"<&>" is lost` {
		t.Errorf("it reads as %v, %v", parsed, err)
	}
}
