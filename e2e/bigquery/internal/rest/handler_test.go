package rest

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	"github.com/leat-io/leat/e2e/bigquery/fault"
	"github.com/leat-io/leat/e2e/bigquery/internal/warehouse"
)

const (
	datasets = "/projects/p/datasets"
	tables   = datasets + "/d/tables"
	newTable = `{"tableReference":{"tableId":"t"},"schema":{"fields":[{"name":"n","type":"INT64"}]},"labels":{"a":"1"}}`
)

func newHandler(t *testing.T) (http.Handler, *fault.Plan) {
	t.Helper()
	plan := &fault.Plan{}
	clock := func() time.Time { return time.UnixMilli(1000) }
	h := (&Handler{Guard: warehouse.NewGuard(warehouse.New(), clock), Faults: plan}).Routes()
	for _, r := range []struct{ path, body string }{
		{datasets, `{"datasetReference":{"datasetId":"d"}}`},
		{tables, newTable},
	} {
		if code, body := call(t, h, http.MethodPost, r.path, r.body); code != http.StatusOK {
			t.Fatalf("POST %s: %d %s", r.path, code, body)
		}
	}
	return h, plan
}

func call(t *testing.T, h http.Handler, method, path, body string) (int, string) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body)))
	return w.Code, w.Body.String()
}

func TestHandler(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		method, path, body string
		code               int
		want               string // part of the answer
	}{
		"types are answered in the API's spelling": {http.MethodGet, tables + "/t", "", 200, `"type":"INTEGER"`},
		"patch keeps what it does not name":        {http.MethodPatch, tables + "/t", `{"description":"x"}`, 200, `"labels":{"a":"1"}`},
		"delete answers nothing":                   {http.MethodDelete, tables + "/t", "", 204, ""},
		"delete a dataset with its tables":         {http.MethodDelete, datasets + "/d?deleteContents=true", "", 204, ""},
		"body that is not JSON":                    {http.MethodPost, tables, "{", 400, `"reason":"invalid"`},
		"patch that is not JSON":                   {http.MethodPatch, tables + "/t", "{", 400, `"reason":"invalid"`},
		"update without the schema":                {http.MethodPut, tables + "/t", `{"description":"x"}`, 400, "Field n is missing in new schema"},
		"dataset without a name":                   {http.MethodPost, datasets, `{}`, 400, "datasetReference.datasetId"},
		"page size that is no number":              {http.MethodGet, tables + "?maxResults=x", "", 400, `Invalid page parameter \"x\"`},
		"rows of no table":                         {http.MethodGet, tables + "/none/data", "", 404, `"reason":"notFound"`},
		"tables of no dataset":                     {http.MethodGet, datasets + "/none/tables", "", 404, `"reason":"notFound"`},
		"query of no table":                        {http.MethodPost, "/projects/p/queries", `{"query":"SELECT * FROM d.none"}`, 404, `"reason":"notFound"`},
		"query with a default dataset":             {http.MethodPost, "/projects/p/queries", `{"query":"SELECT COUNT(*) FROM t","defaultDataset":{"datasetId":"d"}}`, 200, `"rows":[{"f":[{"v":"0"}]}]`},
		"query that is not understood":             {http.MethodPost, "/projects/p/queries", `{"query":"MERGE"}`, 400, `"reason":"invalidQuery"`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, _ := newHandler(t)
			code, body := call(t, h, tt.method, tt.path, tt.body)
			if code != tt.code || !strings.Contains(body, tt.want) {
				t.Errorf("got %d %s, want %d with %s", code, body, tt.code, tt.want)
			}
		})
	}
}

// tables.update replaces the resource: labels that are left out are gone.
func TestUpdateReplaces(t *testing.T) {
	t.Parallel()
	h, _ := newHandler(t)
	code, body := call(t, h, http.MethodPut, tables+"/t", `{"schema":{"fields":[{"name":"n","type":"INTEGER"}]}}`)
	var got struct{ Labels map[string]string }
	if err := json.Unmarshal([]byte(body), &got); err != nil || code != 200 || len(got.Labels) != 0 {
		t.Errorf("got %d %s, %v", code, body, err)
	}
}

func TestPlannedFaults(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		outcome fault.Outcome
		code    int
		after   int // of creating the same table again
	}{
		"unavailable":    {fault.Unavailable(), 503, 200},
		"answer lost":    {fault.AckLost(), 503, 409},
		"quota":          {fault.QuotaExceeded(), 403, 200},
		"denied":         {fault.Outcome{Code: codes.PermissionDenied}, 403, 200},
		"internal":       {fault.Outcome{Code: codes.Internal}, 500, 200},
		"slow but OK":    {fault.SlowAck(time.Millisecond), 200, 409},
		"nothing at all": {fault.Outcome{}, 200, 409},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, plan := newHandler(t)
			plan.Add(fault.Rule{Call: "tables.insert", Outcome: tt.outcome})
			body := strings.Replace(newTable, `"t"`, `"new"`, 1)
			if code, answer := call(t, h, http.MethodPost, tables, body); code != tt.code {
				t.Errorf("got %d %s, want %d", code, answer, tt.code)
			}
			if code, answer := call(t, h, http.MethodPost, tables, body); code != tt.after {
				t.Errorf("again: got %d %s, want %d", code, answer, tt.after)
			}
		})
	}
}
