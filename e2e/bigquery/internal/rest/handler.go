package rest

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"google.golang.org/grpc/codes"

	"github.com/leat-io/leat/e2e/bigquery/fault"
	"github.com/leat-io/leat/e2e/bigquery/internal/warehouse"
)

// maxBody is above what any metadata request needs.
const maxBody = 16 << 20

// Handler implements the REST API on a warehouse.
type Handler struct {
	Guard  *warehouse.Guard
	Faults *fault.Plan

	results map[string]*result // by job, under the guard
}

// method carries out one API method; the answer is a resource, or nil for an empty body.
type method func(w *warehouse.Warehouse, now time.Time, r request) (any, error)

// Routes returns the API with or without the prefix /bigquery/v2.
func (h *Handler) Routes() http.Handler {
	const (
		project = "/projects/{project}"
		dataset = project + "/datasets/{dataset}"
		table   = dataset + "/tables/{table}"
	)
	mux := http.NewServeMux()
	for pattern, m := range map[string]struct {
		name string
		run  method
	}{
		"POST " + project + "/datasets":     {"datasets.insert", insertDataset},
		"GET " + dataset:                    {"datasets.get", getDataset},
		"DELETE " + dataset:                 {"datasets.delete", deleteDataset},
		"POST " + dataset + "/tables":       {"tables.insert", insertTable},
		"GET " + dataset + "/tables":        {"tables.list", listTables},
		"GET " + table:                      {"tables.get", getTable},
		"POST " + table:                     {"tables.testIamPermissions", testPermissions}, // the one method behind a colon
		"PATCH " + table:                    {"tables.patch", patchTable},
		"PUT " + table:                      {"tables.update", updateTable},
		"DELETE " + table:                   {"tables.delete", deleteTable},
		"GET " + table + "/data":            {"tabledata.list", listRows},
		"POST " + project + "/queries":      {"jobs.query", h.runQuery},
		"GET " + project + "/queries/{job}": {"jobs.getQueryResults", h.queryResults},
		"POST " + project + "/jobs":         {"jobs.insert", insertJob},
	} {
		mux.HandleFunc(pattern, h.serve(m.name, m.run))
	}
	mux.HandleFunc("/", unknown)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.URL.Path = strings.TrimPrefix(r.URL.Path, "/bigquery/v2")
		mux.ServeHTTP(w, r)
	})
}

// serve answers one method.
func (h *Handler) serve(name string, run method) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		o := h.Faults.Next(name, r.PathValue("dataset")+"."+r.PathValue("table"))
		out, err := h.perform(run, r, o)
		if !pause(r, o.Delay) {
			return
		}
		if err != nil {
			writeError(w, err)
			return
		}
		writeJSON(w, http.StatusOK, out)
	}
}

// perform runs a method with the fault planned for it and encodes the answer.
func (h *Handler) perform(run method, r *http.Request, o fault.Outcome) ([]byte, error) {
	if o.Code != codes.OK && !o.Applied {
		return nil, planned(o)
	}
	req, err := readRequest(r)
	if err != nil {
		return nil, err
	}
	var out []byte
	h.Guard.Do(func(w *warehouse.Warehouse, now time.Time) {
		var resource any
		if resource, err = run(w, now, req); err == nil && resource != nil {
			out, err = json.Marshal(resource)
		}
	})
	if err == nil && o.Code != codes.OK {
		return nil, planned(o)
	}
	return out, err
}

func pause(r *http.Request, d time.Duration) bool {
	if d == 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
		return false
	}
}

func unknown(w http.ResponseWriter, r *http.Request) {
	writeError(w, &apiError{http.StatusNotImplemented, "notImplemented", "The stand-in does not serve " + r.Method + " " + r.URL.Path})
}

func writeJSON(w http.ResponseWriter, code int, body []byte) {
	if len(body) == 0 {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.WriteHeader(code)
	_, _ = w.Write(body) // a client that went away needs no answer
}
