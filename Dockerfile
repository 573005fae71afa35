# The page for a class: docker build -t symback . && docker run --rm -p 8000:8000 symback
FROM python:3.13-slim
COPY . /src
RUN pip install --no-cache-dir "/src[web,pdf,notebook]" && rm -r /src && useradd --create-home symback
USER symback
WORKDIR /home/symback
EXPOSE 8000
# Behind a name of its own, add: --host-name maths.example.org
CMD ["symback", "serve", "--host", "0.0.0.0", "--port", "8000"]
