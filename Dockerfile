# kubemend with git, for pipelines and for the bot in a cluster (deploy/). Runs as nobody in particular, and writes to /tmp alone:
#   docker run --rm --read-only --tmpfs /tmp --cap-drop ALL -e KUBEMEND_TOKEN kubemend pr --repo https://github.com/org/deploy
FROM node:24-alpine AS build
WORKDIR /source
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build \
  && npm pack --ignore-scripts --pack-destination /tmp \
  && mkdir /package \
  && tar -xzf /tmp/kubemend-*.tgz -C /package --strip-components=1

FROM node:24-alpine
# npm and its like are not needed to run it.
RUN apk add --no-cache git \
  && rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /opt/yarn*
COPY --from=build /package /usr/local/lib/kubemend
RUN ln -s ../lib/kubemend/dist/bin/kubemend.js /usr/local/bin/kubemend
# No home to write to, whoever runs it.
ENV HOME=/tmp NODE_ENV=production
WORKDIR /work
USER 65532:65532
ENTRYPOINT ["kubemend"]
CMD ["--help"]
