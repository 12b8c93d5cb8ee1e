{{/* Refuses, in a sentence, values that render and can't work. */}}
{{- define "errand.check" -}}
{{- $env := .Values.env | default dict -}}
{{- $grace := int .Values.terminationGracePeriodSeconds -}}
{{- range $name, $default := dict "ERRAND_WORKER_DRAIN" "PT25S" "QUARKUS_SHUTDOWN_DELAY" "PT5S" -}}
{{- $value := hasKey $env $name | ternary (get $env $name) $default -}}
{{- $least := include "errand.seconds" (dict "name" $name "value" $value) | int | add 50 | int -}}
{{- if lt $grace $least -}}
{{- fail (printf "terminationGracePeriodSeconds is %d and must be at least %d: 50 s more than env.%s (%s), or pods are killed while they work" $grace $least $name $value) -}}
{{- end -}}
{{- end -}}
{{- range $name, $_ := fromYaml (include "errand.selector" .) -}}
{{- if hasKey ($.Values.podLabels | default dict) $name -}}
{{- fail (printf "podLabels can't have %s: pods are chosen by it" $name) -}}
{{- end -}}
{{- end -}}
{{- end }}

{{/* How many seconds a duration of the environment has, rounded up. */}}
{{- define "errand.seconds" -}}
{{- $text := regexReplaceAll "^([0-9]+)$" .value "${1}S" | upper | trimPrefix "PT" -}}
{{- if or (not $text) (not (regexMatch "^([0-9]{1,6}H)?([0-9]{1,6}M)?([0-9]{1,6}([.][0-9]{1,9})?S)?$" $text)) -}}
{{- fail (printf "env.%s is %q: write it in hours, minutes and seconds, such as PT5M or PT90S" .name .value) -}}
{{- end -}}
{{- $hours := regexFind "[0-9]+H" $text | trimSuffix "H" | atoi -}}
{{- $minutes := regexFind "[0-9]+M" $text | trimSuffix "M" | atoi -}}
{{- $seconds := regexFind "[0-9.]+S" $text | trimSuffix "S" | float64 | ceil | int -}}
{{- add (mul $hours 3600) (mul $minutes 60) $seconds -}}
{{- end }}
