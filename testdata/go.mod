module example.com/poolvet/testdata

go 1.26.0
